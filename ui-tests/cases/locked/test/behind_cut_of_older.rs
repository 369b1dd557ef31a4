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
    #[event(version = 2, upcast(1 = PlantedV1))]
    Planted { root: Folder, at: i64 },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct PlantedV1 {
    root: Folder,
}

impl From<PlantedV1> for TreeEvent {
    fn from(event: PlantedV1) -> Self {
        Self::Planted { root: event.root, at: 0 }
    }
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
    size: String,
}
