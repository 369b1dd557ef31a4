//! Schemas of text: named formats, and the keys of maps.

use serde_json::{Value, json};

use crate::schema::{Integer, Shape};

/// Text in a format. A pattern says what a validator that takes `format` for a remark would let pass.
pub(super) fn in_format(format: &str) -> Value {
    match pattern(format) {
        Some(pattern) => json!({ "type": "string", "format": format, "pattern": pattern }),
        None if format == "ip" => json!({ "type": "string", "anyOf": [{ "format": "ipv4" }, { "format": "ipv6" }] }),
        None => json!({ "type": "string", "format": format }),
    }
}

fn pattern(format: &str) -> Option<&'static str> {
    Some(match format {
        "uuid" => "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
        "date" => "^[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}$",
        "local-time" => "^[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?$",
        "local-date-time" => "^[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?$",
        "date-time" => {
            "^[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"
        }
        "decimal" => "^-?[0-9]+(\\.[0-9]+)?$",
        _ => return None,
    })
}

/// What a key of this shape looks like, as text; `None` when it may be any.
pub(super) fn key(shape: &Shape) -> Option<Value> {
    let digits = |integer: &Integer, zero: &str| {
        let sign = match integer {
            Integer::I8 | Integer::I16 | Integer::I32 | Integer::I64 => "-?",
            Integer::U8 | Integer::U16 | Integer::U32 | Integer::U64 => "",
        };
        json!({ "pattern": format!("^({zero}{sign}[1-9][0-9]*)$") })
    };
    Some(match shape {
        Shape::Integer(integer) => digits(integer, "0|"),
        Shape::NonZero(integer) => digits(integer, ""),
        Shape::Bool => json!({ "enum": ["true", "false"] }),
        Shape::Char => json!({ "minLength": 1, "maxLength": 1 }),
        Shape::Text(format) => in_format(format),
        Shape::Enum { variants, .. } if variants.iter().all(|variant| !variant.other) => {
            let names: Vec<&str> = variants.iter().flat_map(super::names).collect();
            json!({ "enum": names })
        }
        _ => return None,
    })
}
