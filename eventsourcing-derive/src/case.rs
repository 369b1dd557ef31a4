//! How names are written on the wire: serde's rename rules, and the tag made from a variant's name.

/// One of serde's rules for `rename_all`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

/// Every rule under the name serde gives it.
pub(crate) const CASES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    /// The rule that serde calls `name`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        CASES.iter().find(|(known, _)| *known == name).map(|(_, case)| *case)
    }

    /// A variant, written in Rust as `PascalCase`.
    pub(crate) fn of_variant(self, name: &str) -> String {
        match self {
            Self::Pascal => name.to_owned(),
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Camel => first_lower(name),
            Self::Snake => underscored(name),
            Self::ScreamingSnake => underscored(name).to_ascii_uppercase(),
            Self::Kebab => underscored(name).replace('_', "-"),
            Self::ScreamingKebab => underscored(name).to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// A field, written in Rust as `snake_case`.
    pub(crate) fn of_field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Pascal => joined(name),
            Self::Camel => first_lower(&joined(name)),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

/// The part of a tag made from a variant: words in lower case joined by `_`, `HTTPFailed` as `http_failed`.
pub(crate) fn tag_word(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut word = String::with_capacity(name.len() + 4);
    for (i, c) in chars.iter().enumerate() {
        let after_upper = i > 0 && chars[i - 1].is_uppercase();
        let before_lower = chars.get(i + 1).is_some_and(|next| next.is_lowercase());
        if i > 0 && chars[i - 1] != '_' && c.is_uppercase() && (!after_upper || before_lower) {
            word.push('_');
        }
        word.extend(c.to_lowercase());
    }
    word
}

/// serde's `snake_case` of a variant: an underscore before each capital.
fn underscored(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (i, c) in name.char_indices() {
        if i > 0 && c.is_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// serde's `PascalCase` of a field.
fn joined(name: &str) -> String {
    let mut pascal = String::with_capacity(name.len());
    let mut capital = true;
    for c in name.chars() {
        if c == '_' {
            capital = true;
        } else if capital {
            pascal.push(c.to_ascii_uppercase());
            capital = false;
        } else {
            pascal.push(c);
        }
    }
    pascal
}

fn first_lower(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_lowercase(), chars.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_are_serdes() {
        let expected = [
            ("lowercase", "verytasty", "very_tasty"),
            ("UPPERCASE", "VERYTASTY", "VERY_TASTY"),
            ("PascalCase", "VeryTasty", "VeryTasty"),
            ("camelCase", "veryTasty", "veryTasty"),
            ("snake_case", "very_tasty", "very_tasty"),
            ("SCREAMING_SNAKE_CASE", "VERY_TASTY", "VERY_TASTY"),
            ("kebab-case", "very-tasty", "very-tasty"),
            ("SCREAMING-KEBAB-CASE", "VERY-TASTY", "VERY-TASTY"),
        ];
        for (rule, variant, field) in expected {
            let case = Case::named(rule).unwrap();
            assert_eq!((case.of_variant("VeryTasty"), case.of_field("very_tasty")), (variant.into(), field.into()));
        }
    }

    #[test]
    fn tags_keep_acronyms_and_numbers_together() {
        for (variant, word) in [
            ("Opened", "opened"),
            ("OwnerChanged", "owner_changed"),
            ("HTTPFailed", "http_failed"),
            ("SentOverTCP", "sent_over_tcp"),
            ("V2Opened", "v2_opened"),
            ("already_snake", "already_snake"),
        ] {
            assert_eq!(tag_word(variant), word);
        }
    }
}
