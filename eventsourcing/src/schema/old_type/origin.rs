//! The parts of an [`CodePlace`].

use crate::schema::{
    compare::fields::plain,
    shape::{CodePlace, Shape},
};

impl CodePlace {
    /// The type that has the field or the variant: `Money`, or `Page<_>`; empty when nobody knows.
    pub(crate) const fn owner(self) -> &'static str {
        let (owner, _) = cut(self.0, "::");
        cut(owner, "..").0
    }

    /// Whether that type has fields that are not stored.
    pub(super) const fn hides_fields(self) -> bool {
        cut(self.0, "::").0.len() > self.owner().len()
    }

    /// The name in Rust.
    pub(super) const fn member(self) -> &'static str {
        cut(cut(self.0, "::").1, ": ").0
    }

    /// The type as it is written; empty when that means something in its place alone.
    pub(super) const fn ty(self) -> &'static str {
        cut(cut(self.0, "::").1, ": ").1
    }
}

/// The Rust type of this shape, when it is one of the crate's own.
pub(crate) const fn owner(shape: &Shape) -> &'static str {
    match plain(shape) {
        Shape::Recursive(inner) => owner(inner),
        Shape::Struct { fields: [first, ..], .. } => first.origin.owner(),
        Shape::Enum { variants: [first, ..], .. } => first.origin.owner(),
        _ => "",
    }
}

/// What is before the mark, and what is after it; all is before a mark that is not there.
const fn cut<'a>(text: &'a str, mark: &str) -> (&'a str, &'a str) {
    let (bytes, mark) = (text.as_bytes(), mark.as_bytes());
    let mut at = 0;
    while at + mark.len() <= bytes.len() {
        let mut i = 0;
        while i < mark.len() && bytes[at + i] == mark[i] {
            i += 1;
        }
        if i == mark.len() {
            let (before, rest) = text.split_at(at);
            return (before, rest.split_at(mark.len()).1);
        }
        at += 1;
    }
    (text, "")
}
