//! What a value would lose on its way through JSON and serde, told from its shape alone.

use crate::schema::shape::{Field, Shape, Tagging, Variant};

impl Shape {
    /// Whether `None` and `Some` are always told apart in a value of this shape, as far as it is not made of the fields
    /// and variants of other types. `Some` of what is `null` itself is read as `None`.
    pub const fn tells_none_from_some(&self) -> bool {
        match self {
            Self::Option(inner) => !inner.may_be_null() && inner.tells_none_from_some(),
            Self::List(inner)
            | Self::Set(inner)
            | Self::Array(inner, _)
            | Self::Map { value: inner, .. }
            | Self::Stated(inner, _)
            | Self::Ordered(inner)
            | Self::Format(_, inner) => inner.tells_none_from_some(),
            Self::Tuple(shapes) => {
                let mut i = 0;
                while i < shapes.len() {
                    if !shapes[i].tells_none_from_some() {
                        return false;
                    }
                    i += 1;
                }
                true
            }
            _ => true,
        }
    }

    /// Whether a value of this shape may be written as `null`.
    ///
    /// A value that may be anything is not counted: its `null` is its own business.
    const fn may_be_null(&self) -> bool {
        match self {
            Self::Null | Self::Option(_) => true,
            Self::Recursive(inner) | Self::Stated(inner, _) | Self::Ordered(inner) | Self::Format(_, inner) => {
                inner.may_be_null()
            }
            Self::Enum { tagging: Tagging::Untagged, variants } => {
                let mut i = 0;
                while i < variants.len() {
                    if variants[i].shape.may_be_null() {
                        return true;
                    }
                    i += 1;
                }
                false
            }
            _ => false,
        }
    }

    /// Whether a part of it is a map whose order is kept: JSON in memory has none.
    pub(crate) const fn keeps_order(&self) -> bool {
        match *self {
            Self::Ordered(inner) => matches!(inner, Self::Map { .. }) || inner.keeps_order(),
            Self::Option(inner)
            | Self::List(inner)
            | Self::Set(inner)
            | Self::Array(inner, _)
            | Self::Map { value: inner, .. }
            | Self::Recursive(inner)
            | Self::Stated(inner, _)
            | Self::Format(_, inner) => inner.keeps_order(),
            Self::Tuple(mut shapes) => {
                while let [shape, tail @ ..] = shapes {
                    if shape.keeps_order() {
                        return true;
                    }
                    shapes = tail;
                }
                false
            }
            Self::Struct { mut fields, .. } => {
                while let [field, tail @ ..] = fields {
                    if field.shape.keeps_order() {
                        return true;
                    }
                    fields = tail;
                }
                false
            }
            Self::Enum { mut variants, .. } => {
                while let [variant, tail @ ..] = variants {
                    if variant.shape.keeps_order() {
                        return true;
                    }
                    variants = tail;
                }
                false
            }
            _ => false,
        }
    }

    /// Whether serde reads this shape where it must look at a value before it knows its type: in internally tagged and
    /// untagged enums, and in flattened fields. There it no longer takes the text of a key for a number or a `bool`.
    pub const fn survives_buffering(&self) -> bool {
        match self {
            Self::Map { key, value } => {
                !matches!(key, Self::Integer(_) | Self::NonZero(_) | Self::Bool) && value.survives_buffering()
            }
            Self::Option(inner)
            | Self::List(inner)
            | Self::Set(inner)
            | Self::Array(inner, _)
            | Self::Recursive(inner)
            | Self::Stated(inner, _)
            | Self::Ordered(inner)
            | Self::Format(_, inner) => inner.survives_buffering(),
            Self::Tuple(shapes) => all(shapes),
            Self::Struct { fields, .. } => all_fields(fields),
            Self::Enum { variants, .. } => all_variants(variants),
            _ => true,
        }
    }
}

const fn all(shapes: &[Shape]) -> bool {
    let mut i = 0;
    while i < shapes.len() {
        if !shapes[i].survives_buffering() {
            return false;
        }
        i += 1;
    }
    true
}

const fn all_fields(fields: &[Field]) -> bool {
    let mut i = 0;
    while i < fields.len() {
        if !fields[i].shape.survives_buffering() {
            return false;
        }
        i += 1;
    }
    true
}

const fn all_variants(variants: &[Variant]) -> bool {
    let mut i = 0;
    while i < variants.len() {
        if !variants[i].shape.survives_buffering() {
            return false;
        }
        i += 1;
    }
    true
}
