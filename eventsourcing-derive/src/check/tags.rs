//! What events are called in a store: a tag that is given, or one that is made from the name of a variant.

use syn::{LitStr, ext::IdentExt};

use super::case;
use crate::{
    ast::{Input, Variant},
    attr::Items,
    case::{Case, tag_word},
    diag::Errors,
};

const MAX_TAG: usize = 255;

/// The tag that is given whole. serde's `rename` gives one too, for enums that were stored by serde's name.
pub(super) fn whole_tag<'a>(own: &'a Items, serde: &'a Items) -> Option<&'a LitStr> {
    own.str("tag").or_else(|| serde.str("rename"))
}

/// What the tag of a variant is made of, where it is not given whole.
pub(super) struct Names {
    prefix: Option<String>,
    /// serde's `rename_all`, in place of `snake_case`.
    rename_all: Option<Case>,
}

impl Names {
    pub(super) fn of(errors: &Errors, input: &Input<'_>, variants: &[Variant<'_>]) -> Self {
        let rename_all = case(errors, &input.serde, "rename_all");
        Self { prefix: prefix(errors, input, variants), rename_all }
    }

    /// The tag of a variant; `None` when nothing says how it is made.
    pub(super) fn tag(&self, variant: &Variant<'_>) -> Option<LitStr> {
        let name = variant.ident.unraw().to_string();
        let word = self.rename_all.map(|case| case.of_variant(&name));
        let tag = match (&self.prefix, word) {
            (Some(prefix), word) => format!("{prefix}.{}", word.unwrap_or_else(|| tag_word(&name))),
            (None, Some(word)) => word,
            (None, None) => return None,
        };
        Some(LitStr::new(&tag, variant.ident.span()))
    }
}

/// The prefix of the tags, which may be missing only when nothing needs it.
fn prefix(errors: &Errors, input: &Input<'_>, variants: &[Variant<'_>]) -> Option<String> {
    if let Some(prefix) = input.own.str("prefix") {
        let text = prefix.value();
        if text.is_empty() || text.contains('\0') {
            errors.at(prefix, "a prefix is a word such as \"account\", neither empty nor with NUL");
        }
        return Some(text);
    }
    let needs = |variant: &&Variant<'_>| {
        let named = variant.own.was_given("tag") || variant.serde.was_given("rename");
        !named && !variant.own.was_given("nested") && !input.serde.was_given("rename_all")
    };
    if let (Some(variant), false) = (variants.iter().find(needs), input.own.was_given("prefix")) {
        let name = input.ident.unraw().to_string();
        let word = tag_word(name.strip_suffix("Event").filter(|rest| !rest.is_empty()).unwrap_or(&name));
        errors.at(
            input.ident,
            format!("`{}` lacks a prefix for its tags: write `#[event(prefix = \"{word}\")]` on the enum, or `#[event(tag = \"{word}.{}\")]` on each variant",
                input.ident, tag_word(&variant.ident.unraw().to_string())),
        );
    }
    None
}

pub(super) fn checked_tag(errors: &Errors, tag: LitStr) -> LitStr {
    let text = tag.value();
    if text.is_empty() {
        errors.at(&tag, "a tag must not be empty");
    } else if text.len() > MAX_TAG {
        errors.at(&tag, format!("a tag has at most {MAX_TAG} bytes, this has {}", text.len()));
    } else if text.contains('\0') {
        errors.at(&tag, "a tag must not contain NUL");
    }
    tag
}
