//! Shapes as the lines of a lock. Sorted where the order is nothing to a reader, so that equal shapes are equal text.

use std::fmt::Write;

use crate::schema::{CutTarget, Field, Shape, Tagging, Variant, recursion::said};

/// An event and its payload, without a line end.
pub(super) fn event(tag: &str, version: u16, shape: &Shape) -> String {
    let shape = &said(shape);
    let mut text = Text { lines: String::new(), depth: 0 };
    text.line(&format!("{} {version}", name(tag)));
    match shape {
        Shape::Struct { fields, closed: false } => text.inside(|text| text.fields(fields)),
        other => {
            text.lines.push_str(": ");
            text.shape(other);
        }
    }
    text.lines
}

/// A name as it stands in a lock: bare, or as a Rust string literal.
pub(super) fn name(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    if !name.is_empty() && name.bytes().all(is_bare) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.escape_default())
    }
}

struct Text {
    lines: String,
    depth: usize,
}

impl Text {
    fn line(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.lines.push('\n');
        }
        self.lines.extend(std::iter::repeat_n("    ", self.depth));
        self.lines.push_str(text);
    }

    fn inside(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    /// What stands on the line of the shape, and the lines of its parts.
    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Null => self.lines.push_str("null"),
            Shape::Bool => self.lines.push_str("bool"),
            Shape::Integer(integer) => self.lines.push_str(integer.word()),
            Shape::NonZero(integer) => {
                self.lines.push_str("nonzero ");
                self.lines.push_str(integer.word());
            }
            Shape::Float(float) => self.lines.push_str(float.word()),
            Shape::Char => self.lines.push_str("char"),
            Shape::String => self.lines.push_str("string"),
            Shape::Text(format) => {
                self.lines.push_str("text ");
                self.lines.push_str(&name(format));
            }
            Shape::Any => self.lines.push_str("any"),
            Shape::Itself => self.lines.push_str("itself"),
            Shape::Cut(beyond) => self.cut(*beyond),
            Shape::Option(inner) => self.of("option of ", inner),
            Shape::List(inner) => self.of("list of ", inner),
            Shape::Set(inner) => self.of("set of ", inner),
            Shape::Ordered(inner) => self.of("ordered ", inner),
            Shape::Format(format, inner) => self.format(format, inner),
            Shape::Array(inner, length) => self.of(&format!("array of {length} "), inner),
            Shape::Recursive(inner) => self.of("recursive ", inner),
            Shape::Stated(inner, adapter) => {
                let adapter = adapter.text().map(|text| format!("({text}) ")).unwrap_or_default();
                self.of(&format!("stated {adapter}"), inner);
            }
            Shape::Tuple(shapes) => {
                self.lines.push_str("tuple");
                self.inside(|text| {
                    for (index, shape) in shapes.iter().enumerate() {
                        text.line(&format!("{index}: "));
                        text.shape(shape);
                    }
                });
            }
            Shape::Map { key, value } => self.map(key, value),
            Shape::Struct { fields, closed } => {
                self.lines.push_str(match (closed, may_be_a_format(fields)) {
                    (false, _) => "struct",
                    (true, false) => "closed struct",
                    (true, true) => "plain closed struct",
                });
                self.inside(|text| text.fields(fields));
            }
            Shape::Enum { tagging, variants } => self.choice(tagging, variants),
        }
    }

    fn of(&mut self, word: &str, inner: &Shape) {
        self.lines.push_str(word);
        self.shape(inner);
    }

    /// A closed struct in a format needs no word that says it is none of a format.
    fn format(&mut self, format: &str, inner: &Shape) {
        self.lines.push_str("format ");
        self.lines.push_str(&name(format));
        match inner {
            Shape::Struct { fields, closed: true } => {
                self.lines.push_str(" closed struct");
                self.inside(|text| text.fields(fields));
            }
            other => self.of(" ", other),
        }
    }

    fn cut(&mut self, beyond: CutTarget) {
        self.lines.push_str("cut");
        if let Some(shape) = beyond.shape() {
            self.of(" ", shape);
        } else if let Some(steps) = beyond.steps() {
            // Writing to a string cannot fail.
            let _ = write!(self.lines, " back {steps}");
        }
    }

    fn map(&mut self, key: &Shape, value: &Shape) {
        let has_parts = !matches!(
            key,
            Shape::String | Shape::Char | Shape::Bool | Shape::Integer(_) | Shape::NonZero(_) | Shape::Text(_)
        );
        if has_parts {
            self.lines.push_str("map");
            self.inside(|text| {
                for (label, shape) in [("key: ", key), ("value: ", value)] {
                    text.line(label);
                    text.shape(shape);
                }
            });
        } else {
            self.of("map from ", key);
            self.of(" to ", value);
        }
    }

    fn fields(&mut self, fields: &[Field]) {
        let mut named: Vec<&Field> = fields.iter().filter(|field| !field.flatten).collect();
        named.sort_by_key(|field| field.name);
        for field in named {
            let optional = if field.optional { "?" } else { "" };
            let default = field.default.text().map(|text| format!(" = {text}")).unwrap_or_default();
            self.line(&format!("{}{optional}{default}: ", names(field.name, field.aliases)));
            self.shape(&field.shape);
        }
        for field in fields.iter().filter(|field| field.flatten) {
            self.line(if field.optional { "..?: " } else { "..: " });
            self.shape(&field.shape);
        }
    }

    fn choice(&mut self, tagging: &Tagging, variants: &[Variant]) {
        match tagging {
            Tagging::External => self.lines.push_str("enum"),
            Tagging::Internal { tag } => {
                let _ = write!(self.lines, "enum tagged by {}", name(tag));
            }
            Tagging::Adjacent { tag, content } => {
                let _ = write!(self.lines, "enum tagged by {} with content in {}", name(tag), name(content));
            }
            Tagging::Untagged => self.lines.push_str("untagged enum"),
        }
        let mut variants: Vec<&Variant> = variants.iter().collect();
        if !matches!(tagging, Tagging::Untagged) {
            variants.sort_by_key(|variant| variant.name);
        }
        self.inside(|text| {
            for variant in variants {
                let other = if variant.other { " (other)" } else { "" };
                text.line(&format!("{}{other}", names(variant.name, variant.aliases)));
                if !matches!(variant.shape, Shape::Null) {
                    text.lines.push_str(": ");
                    text.shape(&variant.shape);
                }
            }
        });
    }
}

/// Whether a closed struct of these fields looks like a type of the standard library that has a format. Older releases
/// wrote both alike, so it is said of what is none.
fn may_be_a_format(fields: &[Field]) -> bool {
    let mut names: Vec<&str> = fields.iter().map(|field| field.name).collect();
    names.sort_unstable();
    let is_plain = |field: &Field| !field.flatten && !field.optional && field.aliases.is_empty();
    fields.iter().all(is_plain)
        && matches!(
            names.as_slice(),
            ["nanos", "secs"] | ["nanos_since_epoch", "secs_since_epoch"] | ["end", "start"] | ["start" | "end"]
        )
}

fn names(own: &str, aliases: &[&str]) -> String {
    let mut aliases: Vec<&str> = aliases.to_vec();
    aliases.sort_unstable();
    std::iter::once(&own).chain(&aliases).map(|text| name(text)).collect::<Vec<_>>().join(" | ")
}
