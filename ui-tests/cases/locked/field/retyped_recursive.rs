// case: The change is in each node of a tree.
// --- before ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { tree: Tree },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Tree {
    label: String,
    children: Vec<Tree>,
}

// --- after ---
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { tree: Tree },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Tree {
    label: u32,
    children: Vec<Tree>,
}
