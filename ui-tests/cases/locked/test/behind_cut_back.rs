// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "tree")]
pub enum TreeEvent {
    Planted { root: Folder },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Folder {
    #[schema(recursive)]
    files: Vec<File>,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct File {
    name: String,
    link: Option<Link>,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Link {
    #[schema(recursive)]
    to: Vec<File>,
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "tree")]
pub enum TreeEvent {
    Planted { root: Folder },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Folder {
    #[schema(recursive)]
    files: Vec<File>,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct File {
    name: String,
    link: Option<Link>,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Link {
    #[schema(recursive)]
    to: Vec<Folder>,
}
