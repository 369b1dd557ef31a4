// case: A lock that does not say what is behind a cut.
// --- lock ---
// # What the stored events of this crate look like. Written by `EVENTS_LOCK=write cargo test events_lock`; commit it.
// events.lock 1
//
// [tree]
//
// tree.planted 1
//     root: struct
//         files: list of cut
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
}
