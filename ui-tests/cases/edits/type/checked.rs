// edit: a type that checks what it reads (`try_from`)
// verdict: same
// why: serde writes and reads it as the type that it comes from. What it refuses is an error when it is read, and
//   no schema can see that
// --- before ---
use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        email: String,
    },
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        email: Email,
    },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(try_from = "String", into = "String")]
#[derive(Clone)]
pub struct Email(String);

impl TryFrom<String> for Email {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.contains('@') { Ok(Self(text)) } else { Err("no address") }
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}
