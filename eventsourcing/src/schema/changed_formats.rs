//! Formats that a feature of another crate changes. Any crate of a build can turn such a feature on, for all of it, so
//! what a type states is looked at once, when the first event is written.

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use crate::{
    mutants::without,
    schema::{
        event::EventTypes,
        impls::changed::Changed,
        recursion::unfolded,
        shape::{Schema, Shape},
    },
};

/// All of them in this build: usually none, and then nothing else is looked at.
static CHANGED: LazyLock<Vec<Changed>> =
    LazyLock::new(|| if without("changed_formats") { Vec::new() } else { changed() });

/// The formats of these types that this build does not write as they are stated. Each library has been looked through
/// for features that change its text; whoever adds one does so too.
fn changed() -> Vec<Changed> {
    #[cfg(feature = "rust_decimal")]
    let changed = super::impls::rust_decimal::changed();
    #[cfg(not(feature = "rust_decimal"))]
    let changed = None;
    changed.into_iter().collect()
}

/// Refuses an event with this tag when it has a format that this build changes.
pub(crate) fn refuse_changed(types: &'static EventTypes, tag: &'static str) -> Result<(), Changed> {
    // Looking behind cuts leaks memory, so it is done once for each.
    static FOUND: Mutex<BTreeMap<&'static str, Option<Changed>>> = Mutex::new(BTreeMap::new());
    if CHANGED.is_empty() {
        return Ok(());
    }
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    let found = found.entry(tag).or_insert_with(|| {
        types.all().filter(|event| event.tag == tag).find_map(|event| changed_in(&unfolded(&event.shape)))
    });
    found.map_or(Ok(()), Err)
}

/// Refuses a state that has a format that this build changes.
pub(crate) fn refuse_changed_state<A: Schema>() -> Result<(), Changed> {
    changed_in(&A::SHAPE).map_or(Ok(()), Err)
}

/// The first format of these events that this build changes.
#[cfg(feature = "lock")]
pub(crate) fn first_changed(types: &'static EventTypes) -> Option<Changed> {
    if CHANGED.is_empty() {
        return None;
    }
    types.all().find_map(|event| changed_in(&unfolded(&event.shape)))
}

fn changed_in(shape: &Shape) -> Option<Changed> {
    CHANGED.iter().copied().find(|changed| has_format(shape, changed.format))
}

/// Whether text in this format is a part of the shape.
fn has_format(shape: &Shape, format: &str) -> bool {
    let is_in = |inner: &Shape| has_format(inner, format);
    match shape {
        Shape::Text(other) => *other == format,
        Shape::Option(inner)
        | Shape::List(inner)
        | Shape::Set(inner)
        | Shape::Ordered(inner)
        | Shape::Format(_, inner)
        | Shape::Array(inner, _)
        | Shape::Recursive(inner) => is_in(inner),
        Shape::Tuple(shapes) => shapes.iter().any(is_in),
        Shape::Map { key, value } => is_in(key) || is_in(value),
        Shape::Struct { fields, .. } => fields.iter().any(|field| is_in(&field.shape)),
        Shape::Enum { variants, .. } => variants.iter().any(|variant| is_in(&variant.shape)),
        // What is stated with `as` is written by the author's own `with`.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_found_wherever_it_stands() {
        const DECIMAL: Shape = Shape::Text("decimal");
        for shape in [
            DECIMAL,
            Shape::Option(&Shape::List(&DECIMAL)),
            Shape::Ordered(&Shape::Set(&DECIMAL)),
            Shape::Format("range", &Shape::Tuple(&[Shape::Null, DECIMAL])),
            Shape::Map { key: &DECIMAL, value: &Shape::Null },
            Shape::Map { key: &Shape::String, value: &Shape::Recursive(&DECIMAL) },
        ] {
            assert!(has_format(&shape, "decimal"), "{shape:?}");
            assert!(!has_format(&shape, "uuid"), "{shape:?}");
        }
    }
}
