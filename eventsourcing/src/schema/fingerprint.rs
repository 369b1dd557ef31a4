//! The fingerprint of a shape: one number that differs when the wire form does.
//!
//! It is evaluated at compile time for every event, so names go in eight bytes at a time and each is read once. The
//! numbers below are part of the stored format: none of them may ever change.

use crate::schema::{Field, Float, Integer, Shape, Tagging, Variant};

impl Shape {
    /// A number that is equal for equal shapes and, but for a chance of 2^-64, different for different ones.
    ///
    /// The order of fields, of aliases, and of variants that have names does not count, because it is nothing to a
    /// reader. The fingerprint is stored with snapshots and so never changes between releases for the same shape.
    pub const fn fingerprint(&self) -> u64 {
        finish(self.mix(START))
    }

    const fn mix(&self, state: u64) -> u64 {
        match self {
            Self::Null => word(state, 1),
            Self::Bool => word(state, 2),
            Self::Integer(integer) => word(word(state, 3), integer.code()),
            Self::Float(Float::F32) => word(word(state, 4), 1),
            Self::Float(Float::F64) => word(word(state, 4), 2),
            Self::Char => word(state, 5),
            Self::String => word(state, 6),
            Self::Text(format) => text(word(state, 7), format),
            Self::Any => word(state, 8),
            Self::Option(inner) => inner.mix(word(state, 9)),
            Self::List(inner) => inner.mix(word(state, 10)),
            Self::Array(inner, count) => inner.mix(word(word(state, 11), length(*count))),
            Self::Tuple(shapes) => {
                let mut state = word(word(state, 12), length(shapes.len()));
                let mut i = 0;
                while i < shapes.len() {
                    state = shapes[i].mix(state);
                    i += 1;
                }
                state
            }
            Self::Map { key, value } => value.mix(key.mix(word(state, 13))),
            Self::Struct { fields, closed } => all_fields(word(word(state, 14), flag(*closed)), fields),
            Self::Enum { tagging, variants } => all_variants(tagging.mix(word(state, 15)), tagging, variants),
            Self::Recursive(inner) => inner.mix(word(state, 16)),
            Self::Itself => word(state, 17),
            Self::NonZero(integer) => word(word(state, 18), integer.code()),
        }
    }
}

impl Integer {
    const fn code(self) -> u64 {
        match self {
            Self::I8 => 1,
            Self::I16 => 2,
            Self::I32 => 3,
            Self::I64 => 4,
            Self::U8 => 5,
            Self::U16 => 6,
            Self::U32 => 7,
            Self::U64 => 8,
        }
    }
}

impl Tagging {
    const fn mix(&self, state: u64) -> u64 {
        match self {
            Self::External => word(state, 1),
            Self::Internal { tag } => text(word(state, 2), tag),
            Self::Adjacent { tag, content } => text(text(word(state, 3), tag), content),
            Self::Untagged => word(state, 4),
        }
    }
}

/// Sums up what each field gives alone, so that their order does not count. Among flattened fields it does: the first
/// that takes a key has it.
const fn all_fields(state: u64, fields: &[Field]) -> u64 {
    let mut sum: u64 = 0;
    let mut flattened = 0;
    let mut i = 0;
    while i < fields.len() {
        let Field { name, aliases, shape, optional, flatten } = &fields[i];
        let place = if *flatten {
            flattened += 1;
            // The name of a flattened field is not on the wire.
            word(START, flattened)
        } else {
            names(text(word(START, 0), name), aliases)
        };
        sum = sum.wrapping_add(finish(shape.mix(word(place, flag(*optional)))));
        i += 1;
    }
    word(word(state, length(fields.len())), sum)
}

/// As for fields; variants without a tag are tried in their order, so there it counts.
const fn all_variants(state: u64, tagging: &Tagging, variants: &[Variant]) -> u64 {
    let mut sum: u64 = 0;
    let mut i = 0;
    while i < variants.len() {
        let Variant { name, aliases, shape, other } = &variants[i];
        let place = match tagging {
            Tagging::Untagged => word(START, length(i)),
            _ => names(text(word(START, 0), name), aliases),
        };
        sum = sum.wrapping_add(finish(shape.mix(word(place, flag(*other)))));
        i += 1;
    }
    word(word(state, length(variants.len())), sum)
}

const fn names(state: u64, aliases: &[&str]) -> u64 {
    let mut sum: u64 = 0;
    let mut i = 0;
    while i < aliases.len() {
        sum = sum.wrapping_add(finish(text(START, aliases[i])));
        i += 1;
    }
    word(word(state, length(aliases.len())), sum)
}

const fn text(state: u64, text: &str) -> u64 {
    let mut state = state;
    let mut rest = text.as_bytes();
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        state = word(state, u64::from_le_bytes(*chunk));
        rest = tail;
    }
    // The leading one tells how many bytes follow it.
    let mut last: u64 = 1;
    while let Some((byte, tail)) = rest.split_first() {
        last = (last << 8) | u64::from_le_bytes([*byte, 0, 0, 0, 0, 0, 0, 0]);
        rest = tail;
    }
    word(state, last)
}

/// The length as a word, of the same bytes on every machine.
const fn length(length: usize) -> u64 {
    let bytes = length.to_le_bytes();
    let mut word = [0; 8];
    let mut i = 0;
    while i < bytes.len() {
        word[i] = bytes[i];
        i += 1;
    }
    u64::from_le_bytes(word)
}

const START: u64 = 0x9e37_79b9_7f4a_7c15;

/// Takes one word in: an exclusive or and an odd multiplication lose nothing, the shift brings high bits down.
const fn word(state: u64, word: u64) -> u64 {
    let mixed = (state ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (mixed ^ (mixed >> 32)).wrapping_add(START)
}

const fn finish(state: u64) -> u64 {
    let mixed = (state ^ (state >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 33)
}

const fn flag(set: bool) -> u64 {
    if set { 1 } else { 0 }
}
