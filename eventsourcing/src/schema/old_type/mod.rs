//! The Rust of a locked shape: the type that a breaking change leaves behind, ready to paste, with the step from it to
//! what there is today.
//!
//! A breaking change does not compile, so no test runs that could write the type: the compiler does, while it evaluates
//! the comparison that fails. What has not changed is written as it is written today.

mod enums;
mod items;
mod names;
mod origin;
mod step;
mod types;

pub(crate) use origin::owner;

use names::camel;

use crate::schema::{
    Field, Shape, Variant,
    compare::{
        Text,
        fields::{plain, variant},
        same,
    },
};

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

/// The locked shape as a type of this name, and the step from it. Each type is written whole, with full paths.
pub(crate) const fn source(old: &OldType<'_>, now: &Shape, locked: &Shape) -> Source {
    let mut writer = Writer::new();
    writer.item(locked, Some(now), &Place::root(old.name), Use::Value);
    if !old.into.is_empty() {
        writer.step(old, now, locked);
    }
    writer.text
}

/// The type on one line, when it is a struct of one or two fields that need nothing else.
pub(crate) const fn short(old: &OldType<'_>, now: &Shape, locked: &Shape) -> Option<Text<512>> {
    let Shape::Struct { fields: fields @ ([_] | [_, _]), closed: false } = locked else { return None };
    let mut line = Text::new();
    line.add("struct ");
    line.add(old.name);
    line.add(" { ");
    let mut i = 0;
    while i < fields.len() {
        let Some((name, ty)) = step::plain_field(fields, fields_of(Some(now)), i) else { return None };
        line.add(if i == 0 { "" } else { ", " });
        line.add(name.text());
        line.add(": ");
        line.add(ty.text());
        i += 1;
    }
    line.add(" }");
    if line.is_full() { None } else { Some(line) }
}

/// What a walk over the parts of a shape is for. Both go the same way, so that each type that is named is written.
#[derive(Clone, Copy)]
enum Pass {
    /// The text of the type.
    Type,
    /// The structs and enums that it names.
    Items,
}

/// What a type is for.
#[derive(Clone, Copy)]
enum Use {
    Value,
    /// The key of a map.
    Key,
}

/// Writes Rust.
struct Writer {
    text: Source,
    /// Whether sets of structs and enums are written as sets, for a schema to see, and not as lists. A list is read from
    /// the same JSON, and its elements need no order and no hash.
    sets: bool,
}

/// A place in the locked shape, from which its type has its name.
#[derive(Clone, Copy)]
struct Place<'a> {
    above: Option<&'a Place<'a>>,
    name: &'a str,
    /// What tells it from its neighbours when the name says nothing.
    index: usize,
    /// The type that [`Shape::Itself`] stands for here.
    whole: Option<&'a Place<'a>>,
    /// Whether it is a struct, an enum or the target of a cut, which `cut back` counts.
    is_around: bool,
    /// Whether its fields stand among those of the struct around it.
    is_merged: bool,
}

impl<'a> Place<'a> {
    const fn root(name: &'a str) -> Self {
        Self { above: None, name, index: 0, whole: None, is_around: false, is_merged: false }
    }

    const fn then(&'a self, name: &'a str, index: usize) -> Self {
        Self { above: Some(self), name, index, whole: self.whole, is_around: false, is_merged: false }
    }

    /// The name of the type in this place: `OpenedV1`, and for its field `amount`, `OpenedV1Amount`.
    const fn write(&self, text: &mut Source) {
        let Some(above) = self.above else {
            text.add(self.name);
            return;
        };
        above.write(text);
        let mut word = names::Word::new();
        camel(&mut word, self.name);
        if word.is_empty() || word.is_full() {
            text.add("Part");
            text.number(self.index);
        } else {
            text.add(word.text());
        }
    }

    /// The place to which a cut leads back.
    const fn back(&self, steps: usize) -> Option<Place<'a>> {
        let steps = if self.is_around { steps - 1 } else { steps };
        match self.above {
            _ if steps == 0 => Some(*self),
            Some(above) => above.back(steps),
            None => None,
        }
    }
}

impl Writer {
    const fn new() -> Self {
        Self { text: Source::new(), sets: false }
    }

    const fn add(&mut self, text: &str) {
        self.text.add(text);
    }

    /// A name as a string literal.
    const fn literal(&mut self, name: &str) {
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

/// Today's field in the place of a locked one: of the same name; among the flattened ones, which have none, of the same
/// number.
const fn counterpart<'a>(locked: &[Field], now: &'a [Field], at: usize) -> Option<&'a Field> {
    let mut number = count_flattened(locked, at);
    let mut i = 0;
    while i < now.len() {
        if locked[at].flatten && now[i].flatten {
            if number == 0 {
                return Some(&now[i]);
            }
            number -= 1;
        } else if !locked[at].flatten && !now[i].flatten && same(locked[at].name, now[i].name) {
            return Some(&now[i]);
        }
        i += 1;
    }
    None
}

const fn count_flattened(fields: &[Field], before: usize) -> usize {
    let mut count = 0;
    let mut i = 0;
    while i < before {
        if fields[i].flatten {
            count += 1;
        }
        i += 1;
    }
    count
}

const fn fields_of(now: Option<&Shape>) -> &'static [Field] {
    match now {
        Some(Shape::Stated(inner, _) | Shape::Recursive(inner) | Shape::Option(inner)) => fields_of(Some(inner)),
        Some(Shape::Struct { fields, .. }) => fields,
        _ => &[],
    }
}

const fn variants_of(now: Option<&Shape>) -> &'static [Variant] {
    match now {
        Some(Shape::Stated(inner, _) | Shape::Recursive(inner) | Shape::Option(inner)) => variants_of(Some(inner)),
        Some(Shape::Enum { variants, .. }) => variants,
        _ => &[],
    }
}

/// The content of today's variant of this name.
const fn content_of<'a>(now: &'a [Variant], name: &str) -> Option<&'a Shape> {
    match variant(now, name) {
        Some(today) => Some(plain(&today.shape)),
        None => None,
    }
}
