//! Named formats of text: which of them are read by another one, value for value.

use super::fields::contains;
use crate::mutants::without;
use crate::vocabulary::same;

/// The formats that each one reads besides itself. Every text of these is read, and none as another value.
///
/// Older releases had one format for the types of `chrono` and of `jiff`: `date-time`, `date`, `local-time` and
/// `local-date-time`. A lock that still says so does not tell which of the two was written, so it is believed.
const READ: [(&str, &[&str]); 19] = [
    ("instant", &["timestamp", "date-time"]),
    ("offset-date-time", &["instant", "timestamp", "date-time"]),
    ("timestamp", &["date-time"]),
    ("naive-date", &["civil-date", "date"]),
    ("civil-date", &["date"]),
    ("naive-time", &["civil-time", "local-time"]),
    ("civil-time", &["local-time"]),
    ("naive-date-time", &["civil-date-time", "local-date-time"]),
    ("civil-date-time", &["local-date-time"]),
    ("ip", &["ipv4", "ipv6"]),
    ("socket-address", &["socket-address-v4", "socket-address-v6"]),
    // Numbers as text: those whose limits have room for the other's.
    ("i16", &["i8", "u8"]),
    ("i32", &["i8", "i16", "u8", "u16"]),
    ("i64", &["i8", "i16", "i32", "u8", "u16", "u32"]),
    ("i128", &["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"]),
    ("u16", &["u8"]),
    ("u32", &["u8", "u16"]),
    ("u64", &["u8", "u16", "u32"]),
    ("u128", &["u8", "u16", "u32", "u64"]),
];

/// What a reader of the first format does to values of the other one.
const LOST: [(&str, &str, &str); 6] = [
    ("instant", "offset-date-time", "; the stored offsets would be lost"),
    ("timestamp", "offset-date-time", BOUNDED),
    ("timestamp", "instant", BOUNDED),
    ("civil-date", "naive-date", "; years beyond 9999 would not be read"),
    ("civil-time", "naive-time", "; a leap second would be read as the second before it"),
    ("civil-date-time", "naive-date-time", BOUNDED),
];

const BOUNDED: &str =
    "; times beyond the year 9999, and its last days, would not be read, and a leap second as another one";

/// Whether every text of the locked format is read by the other one as the same value.
pub(super) const fn reads(now: &str, locked: &str) -> bool {
    let mut i = 0;
    while i < READ.len() && !without("formats_apart") {
        if same(READ[i].0, now) {
            return contains(READ[i].1, locked);
        }
        i += 1;
    }
    without("formats_apart")
}

/// What would be lost, for a message; nothing where the two have nothing to do with each other.
pub(super) const fn loss(now: &str, locked: &str) -> &'static str {
    let mut i = 0;
    while i < LOST.len() {
        if same(LOST[i].0, now) && same(LOST[i].1, locked) {
            return LOST[i].2;
        }
        i += 1;
    }
    ""
}

/// What this format may make of an object that is not in it, for a message.
pub(super) const fn misreading(format: &str) -> &'static str {
    if contains(&["duration", "system-time"], format) {
        "; nanoseconds of a second or more would be read as seconds"
    } else {
        "; the ends of something else may not mean what the ends of this range do"
    }
}
