// edit: change a type behind `recursive`
// verdict: breaking
// noticed: by `cargo test`
// why: the compiler does not look behind it; the tests do
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
    size: i64,
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
    size: i32,
}
