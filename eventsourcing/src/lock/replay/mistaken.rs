//! Untagged enums: whether a variant is always mistaken for an earlier one, told from values. Shapes tell most of it while
//! the code compiles (`schema::mistaken`), but not what the code behind a stated shape reads beyond that shape.

use serde_json::Value;

use super::fault::{Failure, Fault};
use crate::{
    lock::{accepts, samples},
    mutants::without,
    schema::{Shape, Tagging, Variant},
};

/// The variants in this shape that are never read, each with a value that shows it.
pub(super) fn mistaken(now: &Shape) -> Vec<Failure> {
    let mut found = Vec::new();
    if !without("mistaken_values") {
        each_untagged(now, &mut |variants| {
            found.extend((1..variants.len()).filter_map(|index| never_read(variants, index)));
        });
    }
    found
}

/// One that is not written has no values to mistake.
fn never_read(variants: &[Variant], index: usize) -> Option<Failure> {
    let (earlier, variant) = (&variants[..index], variants.get(index)?);
    if variant.read_only {
        return None;
    }
    let values = samples::values(&variant.shape, &[]);
    let values: Vec<Value> = values.iter().filter_map(|value| serde_json::from_str(&value.to_string()).ok()).collect();
    let reader = |value: &Value| earlier.iter().find(|earlier| accepts::surely_reads(&earlier.shape, value));
    let first = values.first()?;
    let mistaken_for = reader(first)?.name;
    let is_never_read = values.iter().all(|value| reader(value).is_some());
    is_never_read
        .then(|| Failure { fault: Fault::Mistaken { variant: variant.name, mistaken_for }, payload: first.to_string() })
}

fn each_untagged(shape: &Shape, found: &mut impl FnMut(&[Variant])) {
    match shape {
        Shape::Option(inner)
        | Shape::List(inner)
        | Shape::Set(inner)
        | Shape::Array(inner, _)
        | Shape::Map { value: inner, .. }
        | Shape::Recursive(inner)
        | Shape::Stated(inner, _)
        | Shape::Ordered(inner)
        | Shape::Format(_, inner) => each_untagged(inner, found),
        Shape::Tuple(shapes) => shapes.iter().for_each(|shape| each_untagged(shape, found)),
        Shape::Struct { fields, .. } => fields.iter().for_each(|field| each_untagged(&field.shape, found)),
        Shape::Enum { tagging, variants } => {
            if matches!(tagging, Tagging::Untagged) {
                found(variants);
            }
            variants.iter().for_each(|variant| each_untagged(&variant.shape, found));
        }
        _ => {}
    }
}
