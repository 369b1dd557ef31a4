//! What writes Rust, and where it is in a shape.

use super::names::{Word, camel};
use crate::schema::compare::Text;

/// The text of a type and of all that it needs.
pub(crate) type Source = Text<32_768>;

/// A type that is to be written.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "the derive builds it")]
pub struct OldType<'a> {
    /// Its name: `OpenedV1`.
    pub name: &'a str,
    /// The type that it becomes; empty when the code has the step already.
    pub into: &'a str,
    /// The variant of that type, when it is the event's own fields that are filled in.
    pub variant: &'a str,
    /// The fields of the variant that are not stored.
    pub hidden: &'a [&'a str],
}

/// What a walk over the parts of a shape is for. Both go the same way, so that each type that is named is written.
#[derive(Clone, Copy)]
pub(super) enum Pass {
    /// The text of the type.
    Type,
    /// The structs and enums that it names.
    Items,
}

/// What a type is for.
#[derive(Clone, Copy)]
pub(super) enum Use {
    Value,
    /// The key of a map.
    Key,
}

/// Writes Rust.
pub(super) struct Writer {
    pub(super) text: Source,
    /// Whether sets of structs and enums are written as sets, for a schema to see, and not as lists. A list is read from
    /// the same JSON, and its elements need no order and no hash.
    pub(super) sets: bool,
}

/// A place in the locked shape, from which its type has its name.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) above: Option<&'a Place<'a>>,
    pub(super) name: &'a str,
    /// What tells it from its neighbours when the name says nothing.
    pub(super) index: usize,
    /// The type that [`Shape::Itself`] stands for here.
    pub(super) whole: Option<&'a Place<'a>>,
    /// Whether it is a struct, an enum or the target of a cut, which `cut back` counts.
    pub(super) is_around: bool,
    /// Whether its fields stand among those of the struct around it.
    pub(super) is_merged: bool,
}

impl<'a> Place<'a> {
    pub(super) const fn root(name: &'a str) -> Self {
        Self { above: None, name, index: 0, whole: None, is_around: false, is_merged: false }
    }

    pub(super) const fn then(&'a self, name: &'a str, index: usize) -> Self {
        Self { above: Some(self), name, index, whole: self.whole, is_around: false, is_merged: false }
    }

    /// The name of the type in this place: `OpenedV1`, and for its field `amount`, `OpenedV1Amount`.
    pub(super) const fn write(&self, text: &mut Source) {
        let Some(above) = self.above else {
            text.add(self.name);
            return;
        };
        above.write(text);
        let mut word = Word::new();
        camel(&mut word, self.name);
        if word.is_empty() || word.is_full() {
            text.add("Part");
            text.number(self.index);
        } else {
            text.add(word.text());
        }
    }

    /// The place to which a cut leads back.
    pub(super) const fn back(&self, steps: usize) -> Option<Place<'a>> {
        let steps = if self.is_around { steps - 1 } else { steps };
        match self.above {
            _ if steps == 0 => Some(*self),
            Some(above) => above.back(steps),
            None => None,
        }
    }
}

impl Writer {
    pub(super) const fn new() -> Self {
        Self { text: Source::new(), sets: false }
    }

    pub(super) const fn add(&mut self, text: &str) {
        self.text.add(text);
    }

    /// A name as a string literal.
    pub(super) const fn literal(&mut self, name: &str) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        self.add("\"");
        let mut rest = name.as_bytes();
        while let [byte, tail @ ..] = rest {
            match byte {
                b'"' | b'\\' => {
                    self.text.push(b'\\');
                    self.text.push(*byte);
                }
                0..=0x1f | 0x7f => {
                    self.add("\\x");
                    self.text.push(DIGITS[(*byte >> 4) as usize]);
                    self.text.push(DIGITS[(*byte & 15) as usize]);
                }
                _ => self.text.push(*byte),
            }
            rest = tail;
        }
        self.add("\"");
    }
}
