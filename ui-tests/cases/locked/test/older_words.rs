// case: A lock of an older release, which does not tell the formats of two libraries apart, nor objects in a format.
// --- lock ---
// # What the stored events of this crate look like. Written by `EVENTS_LOCK=write cargo test events_lock`; commit it.
// events.lock 1
//
// [account]
//
// account.opened 1
//     at: text date-time
//     day: text date
//     parts: map from string to u8
//     paid: text date-time
//     period: closed struct
//         end: u8
//         start: u8
//     since: closed struct
//         nanos_since_epoch: u32
//         secs_since_epoch: u64
//     wait: closed struct
//         nanos: u32
//         secs: u64
// --- after ---
use std::{
    ops::Range,
    time::{Duration, SystemTime},
};

use chrono::{DateTime, Utc};
use eventsourcing::Event;
use indexmap::IndexMap;
use jiff::{Timestamp, civil::Date};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        at: DateTime<Utc>,
        day: Date,
        parts: IndexMap<String, u8>,
        paid: Timestamp,
        period: Range<u8>,
        since: SystemTime,
        wait: Duration,
    },
}
