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
    #[schema(recursive)]
    link: Option<Box<File>>,
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
    #[schema(recursive)]
    link: Option<Box<Other>>,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Other {
    named: String,
}
