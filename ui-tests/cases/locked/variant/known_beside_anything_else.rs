// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "room")]
pub enum RoomEvent {
    Said { content: Content },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "type")]
pub enum Content {
    Text { body: String },
    #[serde(untagged)]
    Unknown(serde_json::Value),
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "room")]
pub enum RoomEvent {
    Said { content: Content },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "type")]
pub enum Content {
    Text { body: String },
    Poll { question: String },
    #[serde(untagged)]
    Unknown(serde_json::Value),
}
