// case: Payments with polymorphic objects: a method more, an amount that becomes wider, a refund of its own.
// verdict: additive
// --- before ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};
use serde_with::{DisplayFromStr, DurationSeconds, serde_as};

#[serde_as]
#[derive(Debug, Clone, PartialEq, Event)]
#[event(lock = "payments")]
#[serde(rename_all = "snake_case")]
pub enum PaymentEvent {
    #[serde(rename = "payment_intent.created")]
    Created {
        id: PaymentId,
        amount: u32,
        #[serde(flatten)]
        method: Method,
        #[serde(default)]
        metadata: BTreeMap<String, String>,
    },
    #[serde(rename = "payment_intent.captured")]
    Captured {
        id: PaymentId,
        #[serde_as(as = "DisplayFromStr")]
        wei: u128,
        #[serde_as(as = "Option<DurationSeconds<u64>>")]
        settles_in: Option<std::time::Duration>,
    },
    #[serde(rename = "payment_intent.failed")]
    Failed { id: PaymentId, error: Error },
    #[serde(rename = "charge.refunded")]
    Refunded { id: PaymentId, of: Object },
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Schema)]
#[serde(transparent)]
pub struct PaymentId(String);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Method {
    Card { brand: Brand, last4: String },
    SepaDebit { iban: String },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(rename_all = "lowercase")]
pub enum Brand {
    Visa,
    Mastercard,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "object", rename_all = "snake_case")]
pub enum Object {
    Charge { id: String, amount: u32 },
    PaymentIntent { id: String, charges: Vec<Object> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "code", content = "detail", rename_all = "snake_case")]
pub enum Error {
    Declined(String),
    Expired,
}

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};
use serde_with::{DisplayFromStr, DurationSeconds, serde_as};

#[serde_as]
#[derive(Debug, Clone, PartialEq, Event)]
#[event(lock = "payments")]
#[serde(rename_all = "snake_case")]
pub enum PaymentEvent {
    #[serde(rename = "payment_intent.created")]
    Created {
        id: PaymentId,
        amount: u64,
        #[serde(flatten)]
        method: Method,
        #[serde(default)]
        metadata: BTreeMap<String, String>,
    },
    #[serde(rename = "payment_intent.captured")]
    Captured {
        id: PaymentId,
        #[serde_as(as = "DisplayFromStr")]
        wei: u128,
        #[serde_as(as = "Option<DurationSeconds<u64>>")]
        settles_in: Option<std::time::Duration>,
        fee: Option<u64>,
    },
    #[serde(rename = "payment_intent.failed")]
    Failed { id: PaymentId, error: Error },
    #[serde(rename = "charge.refunded")]
    Refunded { id: PaymentId, of: Object },
    #[serde(rename = "charge.disputed")]
    Disputed { id: PaymentId, reason: String },
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Schema)]
#[serde(transparent)]
pub struct PaymentId(String);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Method {
    Card { brand: Brand, last4: String },
    SepaDebit { iban: String },
    Wallet { provider: String },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(rename_all = "lowercase")]
pub enum Brand {
    Visa,
    Mastercard,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "object", rename_all = "snake_case")]
pub enum Object {
    Charge { id: String, amount: u64 },
    PaymentIntent { id: String, charges: Vec<Object> },
    Refund { id: String },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "code", content = "detail", rename_all = "snake_case")]
pub enum Error {
    Declined(String),
    Expired,
    Fraud { score: u8 },
}
