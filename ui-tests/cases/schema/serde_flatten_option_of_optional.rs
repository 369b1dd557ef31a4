use eventsourcing::Schema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Schema)]
struct Contact {
    phone: Option<String>,
    #[serde(default)]
    mail: String,
}

#[derive(Serialize, Deserialize, Schema)]
struct Customer {
    name: String,
    #[serde(flatten)]
    contact: Option<Contact>,
}

fn main() {}
