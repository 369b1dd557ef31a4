//! The structural schema of a type: its wire form as a constant tree.

use std::fmt;

use crate::schema::{adapter::Adapter, default::DefaultValue, value_check::ValueCheck};

/// A type with a structural schema: what its JSON looks like, as serde writes and reads it.
///
/// Derive it with `#[derive(Schema)]` on the types used inside events. The schema follows the serde
/// attributes of the type, never its Rust name or its doc comments.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no schema, so it cannot be part of a stored event",
    label = "no schema for `{Self}`",
    note = "add `#[derive(Schema)]` to `{Self}`, or say what it looks like with `#[schema(as = ..)]` on the field",
    note = "types of other crates have schemas behind features of `eventsourcing`: `bytes`, `chrono`, `indexmap`, `jiff`, `rust_decimal`, `semver`, `serde_bytes`, `serde_with`, `smallvec`, `ulid`, `url`"
)]
pub trait Schema {
    /// The wire form of this type.
    const SHAPE: Shape;

    /// Whether serde reads this type from a field that is absent: so it is for `Option`, and for types that are read
    /// as one.
    const OPTIONAL: bool = matches!(Self::SHAPE, Shape::Option(_));

    /// The fingerprint of [`SHAPE`](Self::SHAPE). It need not be given; the derive does, to make it of those of the
    /// parts, which is quicker.
    const FINGERPRINT: u64 = Self::SHAPE.fingerprint();

    /// Whether every value is read back as it was written, so that encode need not look at any.
    #[doc(hidden)]
    const EXACT: bool = false;

    /// Refuses a value that is not read back as it was written. Encode asks before it writes.
    ///
    /// Most types keep every value, so nothing is refused by default. A few write something else in place of some:
    /// `chrono` rounds the seconds of an offset away. The derive asks the fields; a schema written by hand may
    /// [refuse](ValueCheck::refuse) what the `Serialize` beside it would change.
    fn check_value(&self, check: &mut ValueCheck) {
        let _ = check;
    }
}

/// A type whose values can be the keys of a map: JSON has only text for them.
///
/// It is derived with [`Schema`] for enums of plain names, and for structs around one key.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the key of a stored map, because the keys of JSON are text",
    label = "not a key",
    note = "keys are strings, characters, integers, `bool`, ids, dates, enums of plain names, and structs around one of these",
    note = "with other keys, store a list of pairs: `Vec<({Self}, ..)>`, or `#[serde_as(as = \"Vec<(_, _)>\")]` of `serde_with` on the map"
)]
pub trait MapKey: Schema {}

/// The wire form of a type: a tree of constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// An integer within the limits of a Rust type.
    Integer(Integer),
    /// An integer within the limits of a Rust type, other than 0.
    NonZero(Integer),
    /// A finite floating point number.
    Float(Float),
    /// A string of one Unicode scalar value.
    Char,
    /// Any string.
    String,
    /// A string in a named format, such as `uuid` or `instant`.
    Text(&'static str),
    /// The inner shape in a named format, such as `duration`: a type that has not all values of that shape, or a meaning
    /// of its own for them.
    Format(&'static str, &'static Shape),
    /// Any JSON value.
    Any,
    /// The inner shape, or `null`.
    Option(&'static Shape),
    /// An array of any length.
    List(&'static Shape),
    /// An array of any length, in which no element comes twice and the order does not count.
    Set(&'static Shape),
    /// The inner map or set, whose order is kept.
    Ordered(&'static Shape),
    /// An array of exactly this length.
    Array(&'static Shape, usize),
    /// An array with one shape for each place.
    Tuple(&'static [Shape]),
    /// An object with any keys of one shape, and values of another. Keys are strings on the wire.
    Map {
        /// The shape of the keys, as the type has it; integers are keys in decimal.
        key: &'static Shape,
        /// The shape of the values.
        value: &'static Shape,
    },
    /// An object with these fields.
    Struct {
        /// The fields, in the order of the code.
        fields: &'static [Field],
        /// Whether other keys are an error (`deny_unknown_fields`).
        closed: bool,
    },
    /// One of several variants.
    Enum {
        /// How the variants are told apart.
        tagging: Tagging,
        /// The variants, in the order of the code.
        variants: &'static [Variant],
    },
    /// A shape that contains itself: [`Shape::Itself`] inside stands for the whole.
    Recursive(&'static Shape),
    /// The nearest enclosing [`Shape::Recursive`].
    Itself,
    /// Anything: what `#[schema(recursive)]` has cut off, because it leads back. A lock holds what is behind it.
    Cut(CutTarget),
    /// The inner shape, stated by the author with `#[schema(as = ..)]` for a type that does not state it itself.
    /// The adapter is what reads and writes it.
    Stated(&'static Shape, Adapter),
}

/// The integer types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the Rust type of that name")]
#[non_exhaustive]
pub enum Integer {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
}

/// The floating point types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the Rust type of that name")]
#[non_exhaustive]
pub enum Float {
    F32,
    F64,
}

impl Integer {
    /// The name of the Rust type, and of the shape in a lock.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
        }
    }
}

impl Integer {
    /// The Rust type without 0.
    pub(crate) const fn nonzero(self) -> &'static str {
        match self {
            Self::I8 => "std::num::NonZero<i8>",
            Self::I16 => "std::num::NonZero<i16>",
            Self::I32 => "std::num::NonZero<i32>",
            Self::I64 => "std::num::NonZero<i64>",
            Self::U8 => "std::num::NonZero<u8>",
            Self::U16 => "std::num::NonZero<u16>",
            Self::U32 => "std::num::NonZero<u32>",
            Self::U64 => "std::num::NonZero<u64>",
        }
    }
}

impl Float {
    /// The name of the Rust type, and of the shape in a lock.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
        }
    }
}

/// A field of a [`Shape::Struct`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// The key on the wire, after all renaming.
    pub name: &'static str,
    /// Other keys that are read as this field.
    pub aliases: &'static [&'static str],
    /// What the value looks like.
    pub shape: Shape,
    /// Whether it may be absent when read: a default, or an `Option`.
    pub optional: bool,
    /// Whether the fields (or entries) of the value stand in place of this one.
    pub flatten: bool,
    /// Whether it is read and never written (`skip_serializing`). That is nothing to what is stored already, so neither
    /// a fingerprint nor a lock tells.
    pub read_only: bool,
    /// What it is when it is absent. A fingerprint does not tell; a lock does.
    pub default: DefaultValue,
    /// Where the field is in the code.
    pub origin: CodePlace,
}

/// How serde tells the variants of an enum apart on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "these are serde's four")]
pub enum Tagging {
    /// `"Unit"` or `{"Variant": content}`.
    External,
    /// `{"tag": "Variant", ..content}`.
    Internal {
        /// The key of the variant's name.
        tag: &'static str,
    },
    /// `{"tag": "Variant", "content": content}`.
    Adjacent {
        /// The key of the variant's name.
        tag: &'static str,
        /// The key of the variant's content.
        content: &'static str,
    },
    /// The content alone; the first variant that fits is read.
    Untagged,
}

/// A variant of a [`Shape::Enum`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variant {
    /// The name on the wire, after all renaming.
    pub name: &'static str,
    /// Other names that are read as this variant.
    pub aliases: &'static [&'static str],
    /// The content: [`Shape::Null`] for a unit variant.
    pub shape: Shape,
    /// Whether unknown names are read as this variant (`#[serde(other)]`).
    pub other: bool,
    /// Whether it is read and never written (`skip_serializing`), of which neither a fingerprint nor a lock tells.
    pub read_only: bool,
    /// Where the variant is in the code.
    pub origin: CodePlace,
}

/// The Rust behind a field or a variant, for messages: `Money::currency: Currency`.
///
/// It is nothing to what is stored, so it is no part of the shape: all origins are equal, and neither a fingerprint nor a
/// lock has them. The type stands there when its name means the same wherever the field is written again. `Money..` is a
/// struct with fields that are not stored, and `Page<_>` a generic type.
#[derive(Clone, Copy)]
pub struct CodePlace(pub(super) &'static str);

impl CodePlace {
    /// A type that no derive has seen, or a lock.
    pub const UNKNOWN: Self = Self("");
}

impl PartialEq for CodePlace {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for CodePlace {}

impl fmt::Debug for CodePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodePlace")
    }
}

/// What a [`Shape::Cut`] leads to. It is no part of the shape: all of them are equal, and have one fingerprint.
#[derive(Clone, Copy)]
pub struct CutTarget(pub(super) Target);

#[derive(Clone, Copy)]
pub(super) enum Target {
    /// A type of the code.
    Type(fn() -> Shape),
    /// What a lock says.
    Shape(&'static Shape),
    /// The struct, enum or target of a cut so many around this one.
    Back(usize),
    /// Nobody knows.
    Unknown,
    /// The lock does not say yet.
    Unsaid,
}

impl CutTarget {
    /// A lock that says `cut` alone, or a type that depends on the parameters of another one.
    #[doc(hidden)]
    pub const UNKNOWN: Self = Self(Target::Unknown);

    /// The cut leads to this type, whose shape is not asked for before a test wants it.
    pub const fn of<T: Schema + ?Sized>() -> Self {
        Self(Target::Type(shape_of::<T>))
    }

    /// A lock that says `cut T`.
    #[doc(hidden)]
    pub const fn locked(shape: &'static Shape) -> Self {
        Self(Target::Shape(shape))
    }

    /// A lock that says `cut back N`.
    #[doc(hidden)]
    pub const fn back(steps: usize) -> Self {
        Self(Target::Back(steps))
    }

    /// The shape, in a lock and after unfolding.
    pub(crate) const fn shape(&self) -> Option<&'static Shape> {
        match self.0 {
            Target::Shape(shape) => Some(shape),
            _ => None,
        }
    }

    /// How many structs, enums and targets of cuts further out the one stands that comes again.
    pub(crate) const fn steps(&self) -> Option<usize> {
        match self.0 {
            Target::Back(steps) => Some(steps),
            _ => None,
        }
    }

    pub(crate) const fn is_unsaid(&self) -> bool {
        matches!(self.0, Target::Unsaid)
    }
}

const fn shape_of<T: Schema + ?Sized>() -> Shape {
    T::SHAPE
}

impl PartialEq for CutTarget {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for CutTarget {}

impl fmt::Debug for CutTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CutTarget")
    }
}

#[cfg(feature = "lock")]
impl Shape {
    /// Whether it is that of an `Option`, which is `None` where nothing else is said.
    pub(crate) const fn may_be_none(&self) -> bool {
        match self {
            Self::Option(_) => true,
            Self::Stated(inner, _) | Self::Recursive(inner) => inner.may_be_none(),
            _ => false,
        }
    }
}
