//! What there is today in the place of something locked.

use crate::{
    schema::{
        compare::fields::{plain, variant},
        shape::{Field, Shape, Variant},
    },
    vocabulary::same,
};

/// Today's field in the place of a locked one: of the same name; among the flattened ones, which have none, of the same
/// number.
pub(super) const fn counterpart<'a>(locked: &[Field], now: &'a [Field], at: usize) -> Option<&'a Field> {
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

pub(super) const fn fields_of(now: Option<&Shape>) -> &'static [Field] {
    match now {
        Some(Shape::Stated(inner, _) | Shape::Recursive(inner) | Shape::Option(inner)) => fields_of(Some(inner)),
        Some(Shape::Struct { fields, .. }) => fields,
        _ => &[],
    }
}

pub(super) const fn variants_of(now: Option<&Shape>) -> &'static [Variant] {
    match now {
        Some(Shape::Stated(inner, _) | Shape::Recursive(inner) | Shape::Option(inner)) => variants_of(Some(inner)),
        Some(Shape::Enum { variants, .. }) => variants,
        _ => &[],
    }
}

/// The content of today's variant of this name.
pub(super) const fn content_of<'a>(now: &'a [Variant], name: &str) -> Option<&'a Shape> {
    match variant(now, name) {
        Some(today) => Some(plain(&today.shape)),
        None => None,
    }
}
