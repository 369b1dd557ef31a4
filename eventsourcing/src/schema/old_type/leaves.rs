//! The types of shapes without parts.

use crate::schema::{compare::fields::plain, shape::Shape};

/// The type of a shape without parts. A text in a format that no type known here has is a `String`, which reads them all.
pub(super) const fn leaf_name(shape: &Shape) -> &'static str {
    match shape {
        Shape::Null => "()",
        Shape::Bool => "bool",
        Shape::Integer(integer) => integer.word(),
        Shape::NonZero(integer) => integer.nonzero(),
        Shape::Float(float) => float.word(),
        Shape::Char => "char",
        Shape::Any => "serde_json::Value",
        Shape::Text(format) => format_name(format),
        _ => "String",
    }
}

/// The type whose texts are in this format. It is of a crate that whoever has the format locked uses.
const fn format_name(format: &str) -> &'static str {
    match format.as_bytes() {
        b"uuid" => "uuid::Uuid",
        b"ulid" => "ulid::Ulid",
        b"uri" => "url::Url",
        b"semver" => "semver::Version",
        b"semver-range" => "semver::VersionReq",
        b"decimal" => "rust_decimal::Decimal",
        b"ip" => "std::net::IpAddr",
        b"ipv4" => "std::net::Ipv4Addr",
        b"ipv6" => "std::net::Ipv6Addr",
        b"socket-address" => "std::net::SocketAddr",
        b"socket-address-v4" => "std::net::SocketAddrV4",
        b"socket-address-v6" => "std::net::SocketAddrV6",
        b"instant" => "chrono::DateTime<chrono::Utc>",
        b"offset-date-time" => "chrono::DateTime<chrono::FixedOffset>",
        b"naive-date" => "chrono::NaiveDate",
        b"naive-time" => "chrono::NaiveTime",
        b"naive-date-time" => "chrono::NaiveDateTime",
        b"timestamp" => "jiff::Timestamp",
        b"zoned-date-time" => "jiff::ZonedDateTime",
        b"civil-date" => "jiff::civil::Date",
        b"civil-time" => "jiff::civil::Time",
        b"civil-date-time" => "jiff::civil::DateTime",
        b"duration" => "jiff::Span",
        b"time-duration" => "jiff::SignedDuration",
        _ => "String",
    }
}

/// The type of a shape that is a leaf.
pub(super) const fn leaf(shape: &Shape) -> Option<&'static str> {
    let shape = plain(shape);
    if is_leaf(shape) { Some(leaf_name(shape)) } else { None }
}

/// Whether the shape has no parts.
pub(super) const fn is_leaf(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::Null
            | Shape::Bool
            | Shape::Integer(_)
            | Shape::NonZero(_)
            | Shape::Float(_)
            | Shape::Char
            | Shape::String
            | Shape::Text(_)
            | Shape::Any
    )
}
