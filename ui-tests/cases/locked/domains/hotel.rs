// case: A hotel: stays with dates, prices per night, guests; board, and a deposit in a version of its own.
// verdict: additive
// --- before ---
use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, Weekday};
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "booking")]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum BookingEvent {
    RoomBooked { stay: Stay, room: RoomNumber, main_guest: Guest, other_guests: Vec<Guest> },
    PriceAgreed { per_night: BTreeMap<NaiveDate, Cents>, weekly_discount: HashMap<Weekday, u8> },
    GuestArrived { key_cards: u8, wants: Vec<Wish> },
    Cancelled { fee: Option<Cents> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Stay {
    pub from: NaiveDate,
    pub nights: std::num::NonZeroU16,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct RoomNumber(u8, u16);

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Schema)]
#[serde(transparent)]
pub struct Cents(i64);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Guest {
    pub name: String,
    #[serde(default)]
    pub child: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub enum Wish {
    QuietRoom,
    ExtraBed { kind: String },
    #[serde(untagged)]
    Other(String),
}

// --- after ---
use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, Weekday};
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "booking")]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum BookingEvent {
    RoomBooked { stay: Stay, room: RoomNumber, main_guest: Guest, other_guests: Vec<Guest>, board: Option<Board> },
    #[event(version = 2, upcast(1 = PriceAgreedV1))]
    PriceAgreed { per_night: BTreeMap<NaiveDate, Cents>, deposit: Cents },
    GuestArrived { key_cards: u16, wants: Vec<Wish> },
    #[event(tag = "booking.cancelled")]
    CalledOff { fee: Option<Cents> },
}

#[derive(Deserialize, Schema)]
#[serde(rename_all = "camelCase")]
pub struct PriceAgreedV1 {
    per_night: BTreeMap<NaiveDate, Cents>,
    weekly_discount: HashMap<Weekday, u8>,
}

impl From<PriceAgreedV1> for BookingEvent {
    fn from(PriceAgreedV1 { per_night, weekly_discount }: PriceAgreedV1) -> Self {
        let reduced = |(night, Cents(price)): (NaiveDate, Cents)| {
            let off = weekly_discount.get(&chrono::Datelike::weekday(&night)).copied().unwrap_or(0);
            (night, Cents(price.saturating_sub((price / 100).saturating_mul(i64::from(off)))))
        };
        Self::PriceAgreed { per_night: per_night.into_iter().map(reduced).collect(), deposit: Cents(0) }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Stay {
    pub from: NaiveDate,
    pub nights: std::num::NonZeroU16,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct RoomNumber(u8, u16);

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Schema)]
#[serde(transparent)]
pub struct Cents(i64);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Guest {
    pub name: String,
    #[serde(default)]
    pub child: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub enum Wish {
    QuietRoom,
    ExtraBed { kind: String },
    #[serde(untagged)]
    Other(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(rename_all = "snake_case")]
pub enum Board {
    Breakfast,
    Half,
    Full,
}
