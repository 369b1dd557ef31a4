// case: Webhooks: deliveries with headers and bodies of any kind; a signature, and retries that are counted.
// verdict: additive
// --- before ---
use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use chrono::{DateTime, Utc};
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};
use serde_with::{base64::Base64, hex::Hex, serde_as};

#[serde_as]
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "webhook")]
pub enum WebhookEvent {
    Registered {
        url: String,
        #[serde_as(as = "Base64")]
        secret: Vec<u8>,
        topics: Vec<Topic>,
    },
    Delivered(Delivery),
    Failed {
        delivery: Delivery,
        #[serde(rename = "statusCode")]
        status: Option<u16>,
        took: Duration,
    },
    Disabled { reason: Reason },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(untagged)]
pub enum Topic {
    All(bool),
    Named(String),
}

#[serde_as]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Delivery {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    pub from: IpAddr,
    #[serde(default)]
    pub headers: BTreeMap<String, Vec<String>>,
    pub body: serde_json::Value,
    #[serde_as(as = "Hex")]
    pub digest: [u8; 32],
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub enum Reason {
    Gone,
    TooManyFailures(u32),
    By { user: String },
}

// --- after ---
use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use chrono::{DateTime, Utc};
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};
use serde_with::{base64::Base64, hex::Hex, serde_as};

#[serde_as]
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "webhook", retired("webhook.disabled", versions = 1..=1))]
pub enum WebhookEvent {
    Registered {
        url: String,
        #[serde_as(as = "Base64")]
        secret: Vec<u8>,
        topics: Vec<Topic>,
    },
    Delivered(Delivery),
    Failed {
        delivery: Delivery,
        #[serde(rename = "statusCode")]
        status: Option<u16>,
        took: Duration,
        #[serde(default)]
        attempt: u8,
    },
    Paused { until: Option<DateTime<Utc>> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(untagged)]
pub enum Topic {
    All(bool),
    Named(String),
}

#[serde_as]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Delivery {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    pub from: IpAddr,
    #[serde(default)]
    pub headers: BTreeMap<String, Vec<String>>,
    pub body: serde_json::Value,
    #[serde_as(as = "Hex")]
    pub digest: [u8; 32],
    #[serde_as(as = "Option<Base64>")]
    pub signature: Option<Vec<u8>>,
}
