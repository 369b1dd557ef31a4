//! A type of the name `RawValue` that is not that of `serde_json`.

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize, Schema)]
pub struct RawValue {
    volts: i64,
}

#[derive(Debug, Serialize, Deserialize, Schema)]
pub struct Reading<T> {
    raw: RawValue,
    both: T,
    next: Option<Box<Reading<T>>>,
}

#[derive(Debug, Event)]
#[event(prefix = "sensor", unlocked)]
pub enum SensorEvent {
    Read { raw: Vec<RawValue>, all: Reading<RawValue> },
    Raw(RawValue),
}

fn main() {}
