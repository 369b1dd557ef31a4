//! Schemas of text: named formats, and the keys of maps.

use serde_json::{Value, json};

use crate::schema::shape::{Integer, Shape, Variant};

/// Text in a format: by name where JSON Schema has the name, and by a pattern, because most validators take a format
/// for a remark.
pub(super) fn in_format(format: &str) -> Value {
    let far = |format: &str| json!([{ "format": format }, { "pattern": "^[+-][0-9]{4,6}-" }]);
    match format {
        "uuid" => json!({ "type": "string", "format": format, "pattern": UUID }),
        "ip" => json!({ "type": "string", "anyOf": [{ "format": "ipv4" }, { "format": "ipv6" }], "pattern": IP }),
        "ipv4" => json!({ "type": "string", "format": format, "pattern": "^[0-9.]+$" }),
        "ipv6" => json!({ "type": "string", "format": format, "pattern": "^[0-9a-fA-F:.]+$" }),
        "socket-address" => json!({ "type": "string", "pattern": "^([0-9.]+|\\[.+\\]):[0-9]+$" }),
        "socket-address-v4" => json!({ "type": "string", "pattern": "^[0-9.]+:[0-9]+$" }),
        "socket-address-v6" => json!({ "type": "string", "pattern": "^\\[.+\\]:[0-9]+$" }),
        // The named formats end with the year 9999, what is written does not.
        "naive-date" | "civil-date" | "date" => {
            json!({ "type": "string", "anyOf": far("date"), "pattern": format!("^{DATE}$") })
        }
        "instant" | "offset-date-time" | "timestamp" | "date-time" => {
            let pattern = format!("^{DATE}T{TIME}(Z|[+-][0-9]{{2}}:[0-9]{{2}})$");
            json!({ "type": "string", "anyOf": far("date-time"), "pattern": pattern })
        }
        "naive-time" | "civil-time" | "local-time" => json!({ "type": "string", "pattern": format!("^{TIME}$") }),
        "naive-date-time" | "civil-date-time" | "local-date-time" => {
            json!({ "type": "string", "pattern": format!("^{DATE}T{TIME}$") })
        }
        // Not by its name: the format of that name refuses characters that browsers, and so `url`, leave in.
        "uri" => json!({ "type": "string", "pattern": "^[a-z][a-z0-9+.-]*:" }),
        "semver" => json!({ "type": "string", "pattern": SEMVER }),
        "semver-range" => json!({ "type": "string", "pattern": "^[0-9A-Za-z.,*<>=~^ +-]+$" }),
        "duration" => json!({ "type": "string", "pattern": format!("^-?P{DAYS}(T{CLOCK})?$") }),
        "time-duration" => json!({ "type": "string", "pattern": format!("^-?PT{CLOCK}$") }),
        "zoned-date-time" => {
            let pattern = format!("^{DATE}T{TIME}(Z|[+-][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}})?)\\[.+\\]$");
            json!({ "type": "string", "pattern": pattern })
        }
        "decimal" => json!({ "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$" }),
        "ulid" => json!({ "type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$" }),
        "bool" => json!({ "enum": ["true", "false"] }),
        "i8" | "i16" | "i32" | "i64" | "i128" => json!({ "type": "string", "pattern": "^(0|-?[1-9][0-9]*)$" }),
        "u8" | "u16" | "u32" | "u64" | "u128" => json!({ "type": "string", "pattern": "^(0|[1-9][0-9]*)$" }),
        "hex" | "hex-16" | "hex-20" | "hex-32" | "hex-64" => {
            let length = format.strip_prefix("hex-").map_or_else(|| "*".to_owned(), |bytes| format!("{{{bytes}}}"));
            json!({ "type": "string", "pattern": format!("^([0-9a-fA-F]{{2}}){length}$") })
        }
        "base64" | "base64-16" | "base64-32" | "base64-64" => {
            json!({ "type": "string", "contentEncoding": "base64", "pattern": "^[0-9A-Za-z+/]*={0,2}$" })
        }
        "base64-unpadded" => json!({ "type": "string", "pattern": "^[0-9A-Za-z+/]*$" }),
        "base64url" => json!({ "type": "string", "pattern": "^[0-9A-Za-z_-]*={0,2}$" }),
        "base64url-unpadded" => json!({ "type": "string", "pattern": "^[0-9A-Za-z_-]*$" }),
        _ => json!({ "type": "string", "format": format }),
    }
}

const UUID: &str = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
const IP: &str = "^[0-9a-fA-F:.]+$";
const DATE: &str = "[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}";
const TIME: &str = "[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?";
const DAYS: &str = "([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?";
const CLOCK: &str = "([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?";
const SEMVER: &str = "^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$";

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
            let names: Vec<&str> = variants.iter().flat_map(names).collect();
            json!({ "enum": names })
        }
        _ => return None,
    })
}

pub(super) fn names(variant: &Variant) -> impl Iterator<Item = &'static str> + use<> {
    std::iter::once(variant.name).chain(variant.aliases.iter().copied())
}
