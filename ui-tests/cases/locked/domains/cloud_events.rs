// case: CloudEvents: attributes that are known, extensions that are not, and data as JSON or as bytes.
// verdict: additive
// --- before ---
use chrono::{DateTime, FixedOffset};
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};
use serde_with::{base64::Base64, serde_as};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(tag = "io.cloudevents.received", lock = "cloudevents")]
pub struct Received {
    #[serde(flatten)]
    pub attributes: Attributes,
    #[serde(flatten)]
    pub data: Option<Data>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Attributes {
    pub specversion: SpecVersion,
    pub id: String,
    pub source: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub datacontenttype: Option<String>,
    pub subject: Option<String>,
    pub time: Option<DateTime<FixedOffset>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub enum SpecVersion {
    #[serde(rename = "0.3")]
    V03,
    #[serde(rename = "1.0")]
    V10,
}

#[serde_as]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub enum Data {
    #[serde(rename = "data")]
    Json(serde_json::Value),
    #[serde(rename = "data_base64")]
    Bytes(#[serde_as(as = "Base64")] Vec<u8>),
}

// --- after ---
use chrono::{DateTime, FixedOffset};
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};
use serde_with::{base64::Base64, serde_as};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(tag = "io.cloudevents.received", lock = "cloudevents")]
pub struct Received {
    #[serde(flatten)]
    pub attributes: Attributes,
    #[serde(flatten)]
    pub data: Option<Data>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Attributes {
    pub specversion: SpecVersion,
    pub id: String,
    pub source: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub datacontenttype: Option<String>,
    pub dataschema: Option<String>,
    pub subject: Option<String>,
    pub time: Option<DateTime<FixedOffset>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub enum SpecVersion {
    #[serde(rename = "0.3")]
    V03,
    #[serde(rename = "1.0")]
    V10,
    #[serde(rename = "1.1")]
    V11,
}

#[serde_as]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub enum Data {
    #[serde(rename = "data")]
    Json(serde_json::Value),
    #[serde(rename = "data_base64")]
    Bytes(#[serde_as(as = "Base64")] Vec<u8>),
}
