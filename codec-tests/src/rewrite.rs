//! The same value in other words.

use eventsourcing::schema::Shape;
use serde_json::{Value, json};

use crate::mutants::places;

/// The JSON text of the value with the keys of each object in an order that depends on the seed.
pub fn shuffled(value: &Value, seed: u64) -> String {
    let mut text = String::new();
    write(value, &mut Dice(seed), &mut text);
    text
}

/// The JSON text of the value with the keys of each object in their own order.
pub fn sorted(value: &Value) -> String {
    match value {
        Value::Array(list) => format!("[{}]", list.iter().map(sorted).collect::<Vec<_>>().join(",")),
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entries =
                entries.into_iter().map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), sorted(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        scalar => scalar.to_string(),
    }
}

/// The value with a field more in each object that is open to one.
pub fn with_unknown_fields(shape: &'static Shape, value: &Value) -> Value {
    let mut value = value.clone();
    let open = places(shape, &value).into_iter().filter(|place| {
        let alone = |fields: &[eventsourcing::schema::Field]| fields.iter().all(|field| !field.flatten);
        matches!(place.shape, Shape::Struct { fields, closed: false } if alone(fields)) && !place.shared
    });
    for place in open {
        if let Some(object) = value.pointer_mut(&place.pointer).and_then(Value::as_object_mut) {
            object.insert("☃ unknown".to_owned(), json!({ "deep": [1, -2.5, null, { "deeper": "☃" }] }));
        }
    }
    value
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}

fn write(value: &Value, dice: &mut Dice, text: &mut String) {
    match value {
        Value::Array(list) => {
            text.push('[');
            for (index, value) in list.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(value, dice, text);
            }
            text.push(']');
        }
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            for index in (1..entries.len()).rev() {
                entries.swap(index, dice.below(index + 1));
            }
            text.push('{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write(value, dice, text);
            }
            text.push('}');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}
