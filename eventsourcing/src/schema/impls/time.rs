//! Durations and instants of the standard library.

use std::time::{Duration, SystemTime};

use super::shapes::shapes;
use crate::schema::{
    default::DefaultValue,
    shape::{CodePlace, Field, Integer, Shape},
};

shapes! {
    // From a billion nanoseconds on, they are read as seconds.
    Duration => Shape::Format("duration", &Shape::Struct {
        fields: &[number("secs", Integer::U64), number("nanos", Integer::U32)],
        closed: true,
    });
    // serde refuses to write a time before 1970.
    SystemTime => Shape::Format("system-time", &Shape::Struct {
        fields: &[number("secs_since_epoch", Integer::U64), number("nanos_since_epoch", Integer::U32)],
        closed: true,
    });
}

const fn number(name: &'static str, integer: Integer) -> Field {
    Field {
        name,
        aliases: &[],
        shape: Shape::Integer(integer),
        optional: false,
        flatten: false,
        read_only: false,
        default: DefaultValue::NONE,
        origin: CodePlace::UNKNOWN,
    }
}
