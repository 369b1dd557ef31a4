// edit: add an optional field behind `recursive`
// verdict: additive
// why: it is as good as any other optional field
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
    link: Option<Box<Folder>>,
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
    link: Option<Box<Folder>>,
    size: Option<i64>,
}
