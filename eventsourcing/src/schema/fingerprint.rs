//! The fingerprint of a shape: one number that differs when the wire form does.
//!
//! Equal fingerprints end every comparison at compile time, so each type has its own as a constant
//! ([`Schema::FINGERPRINT`](crate::schema::shape::Schema::FINGERPRINT)), made of those of its parts. The numbers are part of
//! the stored format: none of them may ever change.

use crate::schema::{
    hash,
    shape::{Field, Shape, Tagging, Variant},
};

impl Shape {
    /// A number that is equal for equal shapes and, but for a chance of 2^-64, different for different ones.
    ///
    /// The order of fields, of aliases, and of variants that have names does not count, because it is nothing to a
    /// reader; neither does [`Shape::Stated`]. The fingerprint is stored with snapshots and so never changes between
    /// releases for the same shape.
    pub const fn fingerprint(&self) -> u64 {
        match self {
            Self::Null => hash::leaf("null"),
            Self::Bool => hash::leaf("bool"),
            Self::Integer(integer) => hash::leaf(integer.word()),
            Self::NonZero(integer) => hash::node("nonzero", hash::leaf(integer.word())),
            Self::Float(float) => hash::leaf(float.word()),
            Self::Char => hash::leaf("char"),
            Self::String => hash::leaf("string"),
            Self::Text(format) => hash::node("text", hash::leaf(format)),
            Self::Format(format, inner) => hash::sequence("format", &[hash::leaf(format), inner.fingerprint()]),
            Self::Any => hash::leaf("any"),
            Self::Option(inner) => hash::node("option", inner.fingerprint()),
            Self::List(inner) => hash::node("list", inner.fingerprint()),
            Self::Set(inner) => hash::node("set", inner.fingerprint()),
            Self::Ordered(inner) => hash::node("ordered", inner.fingerprint()),
            Self::Array(inner, count) => hash::sequence("array", &[length(*count), inner.fingerprint()]),
            Self::Tuple(shapes) => tuple(shapes),
            Self::Map { key, value } => hash::sequence("map", &[key.fingerprint(), value.fingerprint()]),
            Self::Struct { fields, closed } => all_fields(hash::structure(*closed), fields),
            Self::Enum { tagging, variants } => all_variants(tagging, variants),
            Self::Recursive(inner) => hash::node("recursive", inner.fingerprint()),
            Self::Itself => hash::leaf("itself"),
            Self::Cut(_) => hash::leaf("cut"),
            Self::Stated(inner, _) => inner.fingerprint(),
        }
    }
}

impl Tagging {
    const fn fingerprint(&self) -> u64 {
        match self {
            Self::External => hash::external(),
            Self::Internal { tag } => hash::internal(tag),
            Self::Adjacent { tag, content } => hash::adjacent(tag, content),
            Self::Untagged => hash::untagged(),
        }
    }
}

const fn tuple(shapes: &[Shape]) -> u64 {
    let mut state = hash::begin("tuple");
    let mut i = 0;
    while i < shapes.len() {
        state = hash::step(state, shapes[i].fingerprint());
        i += 1;
    }
    hash::finish(state)
}

/// The name of a flattened field is not on the wire. Among flattened fields the order counts: the first that takes a
/// key has it.
const fn all_fields(kind: u64, fields: &[Field]) -> u64 {
    let mut sum: u64 = 0;
    let mut flattened = 0;
    let mut i = 0;
    while i < fields.len() {
        let Field { name, aliases, shape, optional, flatten, .. } = &fields[i];
        let names = if *flatten {
            flattened += 1;
            hash::place(flattened)
        } else {
            hash::names(name, aliases)
        };
        sum = sum.wrapping_add(hash::part(names, shape.fingerprint(), *optional));
        i += 1;
    }
    hash::whole(kind, length(fields.len()), sum)
}

/// Variants without a tag are tried in their order, so there it counts.
const fn all_variants(tagging: &Tagging, variants: &[Variant]) -> u64 {
    let mut sum: u64 = 0;
    let mut i = 0;
    while i < variants.len() {
        let Variant { name, aliases, shape, other, .. } = &variants[i];
        let names = match tagging {
            Tagging::Untagged => hash::place(length(i) + 1),
            _ => hash::names(name, aliases),
        };
        sum = sum.wrapping_add(hash::part(names, shape.fingerprint(), *other));
        i += 1;
    }
    hash::whole(tagging.fingerprint(), length(variants.len()), sum)
}

/// The length as a word, of the same bytes on every machine.
pub(crate) const fn length(length: usize) -> u64 {
    let bytes = length.to_le_bytes();
    let mut word = [0; 8];
    let mut i = 0;
    while i < bytes.len() {
        word[i] = bytes[i];
        i += 1;
    }
    u64::from_le_bytes(word)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::schema::{
        default::DefaultValue,
        shape::{CodePlace, CutTarget, Float, Integer, Schema},
    };

    const fn field(name: &'static str, shape: Shape) -> Field {
        Field {
            name,
            aliases: &[],
            shape,
            optional: false,
            flatten: false,
            read_only: false,
            default: DefaultValue::NONE,
            origin: CodePlace::UNKNOWN,
        }
    }

    const fn variant(name: &'static str, shape: Shape) -> Variant {
        Variant { name, aliases: &[], shape, other: false, read_only: false, origin: CodePlace::UNKNOWN }
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
        (Shape::Null, 0x8a78_f90f_5418_ed68),
        (Shape::Bool, 0x2766_fe6f_90e8_acd1),
        (Shape::Integer(Integer::I8), 0x10c1_8eb4_7271_c93d),
        (Shape::Integer(Integer::U64), 0x2b71_fa40_70db_ea99),
        (Shape::NonZero(Integer::U64), 0x738d_a31a_1169_9215),
        (Shape::Float(Float::F32), 0xcb4f_9dcd_f506_a30d),
        (Shape::Float(Float::F64), 0xaf84_08aa_35e9_8e7d),
        (Shape::Char, 0x7971_0596_e8cf_1009),
        (Shape::String, 0xc918_c8a0_ff71_aa23),
        (Shape::Text("uuid"), 0x08d1_01db_fc6a_f693),
        (Shape::Text("date-time"), 0x4629_b176_ab6c_d8ae),
        (Shape::Any, 0x4964_db4b_4af7_c0e6),
        (Shape::Cut(CutTarget::UNKNOWN), 0x3519_6de8_e2b9_7fc0),
        (Shape::Option(&Shape::Bool), 0xad8f_322f_651b_d798),
        (Shape::Option(&Shape::Option(&Shape::Bool)), 0xd860_52f4_8427_ed7f),
        (Shape::List(&Shape::Bool), 0x0c8a_1288_bcea_0348),
        (Shape::Set(&Shape::Bool), 0x42b0_df65_257f_372a),
        (Shape::Array(&Shape::Bool, 2), 0xf4b9_b316_3eae_4026),
        (Shape::Array(&Shape::Bool, 3), 0xeb76_f89e_cf21_258a),
        (Shape::Tuple(&[]), 0x009e_57b3_3f8b_1db6),
        (Shape::Tuple(&[Shape::Bool, Shape::String]), 0x6b6f_3744_403c_5114),
        (Shape::Tuple(&[Shape::String, Shape::Bool]), 0x1a07_bcf0_50d9_78c9),
        (Shape::Map { key: &Shape::String, value: &Shape::Bool }, 0x33e6_57c6_f743_ae63),
        (Shape::Map { key: &Shape::Char, value: &Shape::Bool }, 0x624b_af58_9ca2_4cd4),
        (open(&[]), 0xdadb_b247_03b4_191f),
        (Shape::Struct { fields: &[], closed: true }, 0xd4c2_cbc8_e9e3_41af),
        (open(&[A]), 0x5f10_1ca3_767c_6e81),
        (open(&[B]), 0x0cb2_9a79_284b_fbd2),
        (open(&[A, B]), 0x0c12_31fc_a312_113a),
        (open(&[A, A]), 0x6865_7099_3c1b_47f6),
        (open(&[Field { optional: true, ..A }]), 0xbecb_73da_bc09_12df),
        (open(&[Field { flatten: true, ..A }]), 0xba7d_8882_9822_8dbe),
        (open(&[Field { aliases: &["b"], ..A }]), 0x6cdb_34b4_a9be_78fd),
        (open(&[Field { aliases: &["b", "c"], ..A }]), 0x0b83_5e0d_bc96_3433),
        (open(&[field("abcdefgh", Shape::Bool)]), 0x162c_f462_515e_d28c),
        (open(&[field("abcdefghi", Shape::Bool)]), 0x60bc_3296_fe62_964f),
        (one_of(Tagging::External, &[]), 0x6284_28f9_f63c_c9ad),
        (one_of(Tagging::External, &[UNIT]), 0x807b_5997_6f5f_104e),
        (one_of(Tagging::External, &[UNIT, NEWTYPE]), 0x3bd7_8a75_8c10_fb0d),
        (one_of(Tagging::External, &[Variant { other: true, ..UNIT }]), 0x79cb_8cd2_7fcf_d5eb),
        (one_of(Tagging::External, &[Variant { aliases: &["u"], ..UNIT }]), 0x0fa5_2789_453d_a94b),
        (one_of(Tagging::Internal { tag: "t" }, &[UNIT, NEWTYPE]), 0x4fb4_a8a2_fe3c_2677),
        (one_of(Tagging::Internal { tag: "type" }, &[UNIT, NEWTYPE]), 0x9587_0d3a_7962_24e2),
        (one_of(Tagging::Adjacent { tag: "t", content: "c" }, &[UNIT, NEWTYPE]), 0xac88_cfa1_ffff_2b42),
        (one_of(Tagging::Adjacent { tag: "c", content: "t" }, &[UNIT, NEWTYPE]), 0x1540_eae2_2a8b_d7a2),
        (one_of(Tagging::Untagged, &[UNIT, NEWTYPE]), 0xb148_5f38_76b4_cbc8),
        (one_of(Tagging::Untagged, &[NEWTYPE, UNIT]), 0xf30d_c839_c118_8c65),
        (Shape::Recursive(&open(&[field("next", Shape::Option(&Shape::Itself))])), 0x1cb8_2979_3b77_6094),
        (open(&[field("next", Shape::Option(&Shape::Itself))]), 0x71a3_b10d_c4d6_598e),
        (Shape::Ordered(&Shape::Set(&Shape::Bool)), 0x0133_9405_5958_4b2b),
        (Shape::Ordered(&Shape::Map { key: &Shape::String, value: &Shape::Bool }), 0xdb06_2c16_c1c1_c1f9),
        (Shape::Format("range", &open(&[A])), 0xe352_911c_70b8_f3c6),
        (Shape::Format("", &open(&[A])), 0x4fbf_eb8b_541b_edb9),
    ];

    #[test]
    fn fingerprints_never_change() {
        let changed = GOLDEN.iter().filter(|(shape, fingerprint)| shape.fingerprint() != *fingerprint);
        let changed: Vec<_> = changed.map(|(shape, _)| format!("{:#018x} of {shape:?}", shape.fingerprint())).collect();
        assert!(changed.is_empty(), "{changed:#?}");
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
