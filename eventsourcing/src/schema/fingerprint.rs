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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::schema::Schema;

    const fn field(name: &'static str, shape: Shape) -> Field {
        Field { name, aliases: &[], shape, optional: false, flatten: false }
    }

    const fn variant(name: &'static str, shape: Shape) -> Variant {
        Variant { name, aliases: &[], shape, other: false }
    }

    const fn open(fields: &'static [Field]) -> Shape {
        Shape::Struct { fields, closed: false }
    }

    const fn one_of(tagging: Tagging, variants: &'static [Variant]) -> Shape {
        Shape::Enum { tagging, variants }
    }

    const A: Field = field("a", Shape::Integer(Integer::U8));
    const B: Field = field("bytes of a name that is long", Shape::String);
    const UNIT: Variant = variant("unit", Shape::Null);
    const NEWTYPE: Variant = variant("newtype", Shape::Integer(Integer::U8));

    /// What is stored with snapshots: a number here may never change.
    const GOLDEN: &[(Shape, u64)] = &[
        (Shape::Null, 0x837b_e6e8_a390_2933),
        (Shape::Bool, 0x05ec_f4cf_8fe3_3bfb),
        (Shape::Integer(Integer::I8), 0xfefe_eadd_c69f_bb86),
        (Shape::Integer(Integer::U64), 0x6533_349f_f78b_470f),
        (Shape::NonZero(Integer::U64), 0x49dc_26de_66d9_b727),
        (Shape::Float(Float::F32), 0xc2fa_b12e_ebb9_5b20),
        (Shape::Float(Float::F64), 0x9806_c610_cecb_61a8),
        (Shape::Char, 0xb6c9_4eff_ea5a_8d0c),
        (Shape::String, 0x7fc1_1d5b_4ab0_3d4d),
        (Shape::Text("uuid"), 0x06fc_8cfc_ad14_bbc6),
        (Shape::Text("date-time"), 0x8c4c_00c6_1998_9047),
        (Shape::Any, 0x9c97_6ba9_8dd5_e1f3),
        (Shape::Option(&Shape::Bool), 0x0728_7272_3828_d3b8),
        (Shape::Option(&Shape::Option(&Shape::Bool)), 0xa961_0004_16bf_ce45),
        (Shape::List(&Shape::Bool), 0x8cea_8071_93bd_318a),
        (Shape::Array(&Shape::Bool, 2), 0xfe2a_969a_9776_31e3),
        (Shape::Array(&Shape::Bool, 3), 0xdcce_8195_7f94_2e03),
        (Shape::Tuple(&[]), 0x057b_512f_9ed9_5984),
        (Shape::Tuple(&[Shape::Bool, Shape::String]), 0x119c_0237_8d0e_e1d2),
        (Shape::Tuple(&[Shape::String, Shape::Bool]), 0x7a1b_c3b0_b737_8e79),
        (Shape::Map { key: &Shape::String, value: &Shape::Bool }, 0xbb3a_d82c_8323_92f3),
        (Shape::Map { key: &Shape::Char, value: &Shape::Bool }, 0x8990_721b_c6a1_5790),
        (open(&[]), 0xd2a1_4635_9dad_ffc9),
        (Shape::Struct { fields: &[], closed: true }, 0xa527_77d9_375a_93f9),
        (open(&[A]), 0x7af2_51d3_e32b_beee),
        (open(&[B]), 0x478b_7751_1632_57be),
        (open(&[A, B]), 0x0f2f_b158_ec9c_e7e8),
        (open(&[A, A]), 0x4bba_8e91_332f_dc89),
        (open(&[Field { optional: true, ..A }]), 0x0d4d_f77a_0273_3416),
        (open(&[Field { flatten: true, ..A }]), 0x7e68_e8b7_3111_40a4),
        (open(&[Field { aliases: &["b"], ..A }]), 0x7fb6_0164_319f_5b93),
        (open(&[Field { aliases: &["b", "c"], ..A }]), 0x7264_df74_e238_4766),
        (open(&[field("abcdefgh", Shape::Bool)]), 0x477f_cd59_a7b9_2551),
        (open(&[field("abcdefghi", Shape::Bool)]), 0xd944_71e6_13c1_e53d),
        (one_of(Tagging::External, &[]), 0x4ca5_5cee_daaf_3a76),
        (one_of(Tagging::External, &[UNIT]), 0x010f_f765_b82d_46be),
        (one_of(Tagging::External, &[UNIT, NEWTYPE]), 0x6565_4dcb_043f_51ce),
        (one_of(Tagging::External, &[Variant { other: true, ..UNIT }]), 0x571a_5447_1ce1_7fd9),
        (one_of(Tagging::External, &[Variant { aliases: &["u"], ..UNIT }]), 0x06b4_8809_b4b8_f9bb),
        (one_of(Tagging::Internal { tag: "t" }, &[UNIT, NEWTYPE]), 0x66ce_e93b_95e0_4782),
        (one_of(Tagging::Internal { tag: "type" }, &[UNIT, NEWTYPE]), 0xdb44_2ed6_181e_245c),
        (one_of(Tagging::Adjacent { tag: "t", content: "c" }, &[UNIT, NEWTYPE]), 0xcfaf_ab53_686e_d08b),
        (one_of(Tagging::Adjacent { tag: "c", content: "t" }, &[UNIT, NEWTYPE]), 0xf99c_4929_f801_7586),
        (one_of(Tagging::Untagged, &[UNIT, NEWTYPE]), 0x44a7_76e9_b73e_d3d6),
        (one_of(Tagging::Untagged, &[NEWTYPE, UNIT]), 0x794c_30ad_9da8_817b),
        (Shape::Recursive(&open(&[field("next", Shape::Option(&Shape::Itself))])), 0x3b7f_df4b_451e_e5a6),
        (open(&[field("next", Shape::Option(&Shape::Itself))]), 0xba53_af1f_f302_c6cd),
    ];

    #[test]
    fn fingerprints_never_change() {
        for (shape, fingerprint) in GOLDEN {
            assert_eq!(shape.fingerprint(), *fingerprint, "{:#018x} of {shape:?}", shape.fingerprint());
        }
    }

    #[test]
    fn different_shapes_have_different_fingerprints() {
        let fingerprints: BTreeSet<u64> = GOLDEN.iter().map(|(_, fingerprint)| *fingerprint).collect();
        assert_eq!(fingerprints.len(), GOLDEN.len());
    }

    #[test]
    fn what_is_nothing_to_a_reader_does_not_count() {
        const EXTERNAL: Tagging = Tagging::External;
        assert_eq!(open(&[A, B]).fingerprint(), open(&[B, A]).fingerprint());
        assert_eq!(one_of(EXTERNAL, &[UNIT, NEWTYPE]).fingerprint(), one_of(EXTERNAL, &[NEWTYPE, UNIT]).fingerprint());
        assert_eq!(
            open(&[Field { aliases: &["b", "c"], ..A }]).fingerprint(),
            open(&[Field { aliases: &["c", "b"], ..A }]).fingerprint()
        );
        let flattened = |name| Field { name, flatten: true, ..A };
        assert_eq!(
            Shape::Struct { fields: Box::leak(Box::new([flattened("a")])), closed: false }.fingerprint(),
            Shape::Struct { fields: Box::leak(Box::new([flattened("b")])), closed: false }.fingerprint()
        );
    }

    #[test]
    fn a_constant_is_the_same_number() {
        const FINGERPRINT: u64 = <BTreeMap<String, Vec<Option<u64>>>>::SHAPE.fingerprint();
        assert_eq!(FINGERPRINT, std::hint::black_box(<BTreeMap<String, Vec<Option<u64>>>>::SHAPE).fingerprint());
    }
}
