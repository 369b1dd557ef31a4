//! Equality of JSON values as readers see it: numbers by value, objects without order.

use serde_json::{Number, Value};

pub(super) fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => same_number(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(key, value)| other.get(key).is_some_and(|other| alike(value, other));
            one.len() == other.len() && one.iter().all(same)
        }
        _ => one == other,
    }
}

fn same_number(one: &Number, other: &Number) -> bool {
    let whole = |number: &Number| number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one.as_f64() == other.as_f64(),
        (Some(whole), None) => is_whole(whole, other),
        (None, Some(whole)) => is_whole(whole, one),
    }
}

/// Whether a float is exactly this integer.
fn is_whole(whole: i128, float: &Number) -> bool {
    float.as_f64().is_some_and(|float| format!("{:.0}", float + 0.0) == whole.to_string() && float.fract() == 0.0)
}
