//! `serde_json` has `RawValue` with its feature `raw_value` only, which would change how all of these tests read; a type
//! of that name without a schema stands for it.

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

mod serde_json {
    pub mod value {
        #[derive(serde::Serialize, serde::Deserialize)]
        pub struct RawValue;
    }
}

#[derive(Serialize, Deserialize, Schema)]
struct Webhook {
    body: Box<RawValue>,
}

#[derive(Event)]
#[event(prefix = "hook", unlocked)]
enum HookEvent {
    Received { bodies: Vec<Box<serde_json::value::RawValue>>, hook: Webhook },
}

fn main() {}
