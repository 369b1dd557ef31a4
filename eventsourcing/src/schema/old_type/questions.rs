//! What is asked of a locked shape before its type is written.

use super::leaves::{is_leaf, leaf_name};
use crate::schema::{
    compare::fields::plain,
    shape::{Field, Shape, Variant},
};

/// Whether the shape can only be that of a type with a name.
pub(super) const fn needs_item(shape: &Shape) -> bool {
    match shape {
        Shape::Stated(inner, _) => needs_item(inner),
        Shape::Format(format, inner) => format.is_empty() && needs_item(inner),
        Shape::Struct { .. } | Shape::Enum { .. } | Shape::Recursive(_) => true,
        Shape::Tuple(shapes) => shapes.is_empty() || shapes.len() > 16,
        _ => false,
    }
}

/// Whether the type that is written for it has a hash.
pub(super) const fn is_hashed(shape: &Shape) -> bool {
    is_leaf(plain(shape)) && !matches!(plain(shape), Shape::Float(_))
}

/// Whether there is a set in it that is written as a list.
pub(super) const fn has_listed_set(shape: &Shape) -> bool {
    match shape {
        Shape::Set(inner) => !is_hashed(inner),
        Shape::Stated(inner, _)
        | Shape::Format(_, inner)
        | Shape::Option(inner)
        | Shape::List(inner)
        | Shape::Array(inner, _) => has_listed_set(inner),
        Shape::Map { value, .. } | Shape::Ordered(Shape::Map { value, .. }) => has_listed_set(value),
        Shape::Tuple(shapes) if !needs_item(shape) => {
            let mut i = 0;
            while i < shapes.len() {
                if has_listed_set(&shapes[i]) {
                    return true;
                }
                i += 1;
            }
            false
        }
        _ => false,
    }
}

/// Whether there is a cut in the type of one field.
pub(super) const fn has_cut(shape: &Shape) -> bool {
    match shape {
        Shape::Cut(_) => true,
        Shape::Stated(inner, _)
        | Shape::Ordered(inner)
        | Shape::Format(_, inner)
        | Shape::Option(inner)
        | Shape::List(inner)
        | Shape::Set(inner)
        | Shape::Array(inner, _) => has_cut(inner),
        Shape::Map { key, value } => has_cut(key) || has_cut(value),
        Shape::Tuple(shapes) => {
            let mut i = 0;
            while i < shapes.len() {
                if has_cut(&shapes[i]) {
                    return true;
                }
                i += 1;
            }
            false
        }
        _ => false,
    }
}

/// Whether the type that is written for it is `Default`.
pub(super) const fn has_default(shape: &Shape) -> bool {
    match shape {
        Shape::Stated(inner, _) => has_default(inner),
        Shape::Array(inner, length) => *length <= 32 && has_default(inner),
        Shape::Text(_) => !matches!(leaf_name(shape).as_bytes(), [b's', b't' | b'e', ..] | [b'u', b'r', ..]),
        Shape::Null
        | Shape::Bool
        | Shape::Integer(_)
        | Shape::Float(_)
        | Shape::Char
        | Shape::String
        | Shape::Any
        | Shape::List(_)
        | Shape::Set(_)
        | Shape::Map { .. }
        | Shape::Ordered(_) => true,
        Shape::Format(format, _) => matches!(format.as_bytes(), b"heap" | b"duration"),
        _ => false,
    }
}

/// Whether nothing in the shape is told only by what is around it; `inside` a type that contains itself.
pub(super) const fn stands_alone(shape: &Shape, inside: bool) -> bool {
    match shape {
        Shape::Cut(_) => false,
        Shape::Itself => inside,
        Shape::Recursive(inner) => stands_alone(inner, true),
        Shape::Stated(inner, _)
        | Shape::Ordered(inner)
        | Shape::Format(_, inner)
        | Shape::Option(inner)
        | Shape::List(inner)
        | Shape::Set(inner)
        | Shape::Array(inner, _) => stands_alone(inner, inside),
        Shape::Map { key, value } => stands_alone(key, inside) && stands_alone(value, inside),
        Shape::Tuple(shapes) => all_stand_alone(shapes, inside),
        Shape::Struct { fields, .. } => all_fields(fields, inside),
        Shape::Enum { variants, .. } => all_variants(variants, inside),
        _ => true,
    }
}

const fn all_stand_alone(shapes: &[Shape], inside: bool) -> bool {
    match shapes {
        [first, rest @ ..] => stands_alone(first, inside) && all_stand_alone(rest, inside),
        [] => true,
    }
}

const fn all_fields(fields: &[Field], inside: bool) -> bool {
    match fields {
        [first, rest @ ..] => stands_alone(&first.shape, inside) && all_fields(rest, inside),
        [] => true,
    }
}

const fn all_variants(variants: &[Variant], inside: bool) -> bool {
    match variants {
        [first, rest @ ..] => stands_alone(&first.shape, inside) && all_variants(rest, inside),
        [] => true,
    }
}
