//! Payloads that a shape allows: what may lie in a store whose lock has this shape. They try every part of the shape
//! at its limits, and pairs of parts together, never every combination. The same shape always gives the same payloads.

mod formats;
mod generator;
mod json;
mod leaves;
mod objects;
mod pairs;

use generator::{Generator, Level, thinned};

use crate::schema::{Shape, recursion::unfolded};
pub(super) use json::Json;

/// Payloads of this shape, as JSON text: every variant, every optional field absent, `null` and present, both limits of
/// every number, empty and long text and lists, every alias, and what contains itself up to three times.
///
/// Fields are combined in pairs, so there are hundreds of payloads rather than millions, and never more than a
/// thousand. What `#[schema(recursive)]` has cut off is followed once, until it comes again. There are none of a shape
/// whose values have no end then, because what comes again is not optional.
///
/// ```
/// use eventsourcing::{Schema, lock};
///
/// assert_eq!(lock::payloads(&bool::SHAPE), ["false", "true"]);
/// assert_eq!(lock::payloads(&<Option<u8>>::SHAPE), ["null", "255", "0", "1"]);
/// ```
pub fn payloads(shape: &Shape) -> Vec<String> {
    values(&unfolded(shape), &[]).iter().map(ToString::to_string).collect()
}

/// The same as values, each once. Maps of any keys hold these `keys` as well, each alone.
pub(super) fn values(shape: &Shape, keys: &[&'static str]) -> Vec<Json> {
    let mut different = Vec::new();
    let mut generator = Generator { keys, enclosing: Vec::new() };
    for value in thinned(generator.values(shape, Level::ROOT), MOST) {
        if !different.contains(&value) {
            different.push(value);
        }
    }
    different
}

/// The most payloads of one shape.
const MOST: usize = 1000;
