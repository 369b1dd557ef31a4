// case: What is behind cuts is read from the lock as it was written: one in another, in an enum, leading back or not.
// verdict: same
// --- before ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "tree")]
pub enum TreeEvent {
    Planted {
        root: Folder,
        #[schema(recursive)]
        alone: Option<Unit>,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Folder {
    #[schema(recursive)]
    files: BTreeMap<String, (File, Option<Files>)>,
}

#[derive(Serialize, Deserialize, Schema)]
pub enum File {
    Empty(#[schema(recursive)] Unit),
    Link(Link),
    Parts {
        #[schema(recursive)]
        parts: Vec<File>,
        #[schema(recursive)]
        tree: Tree<Box<Link>>,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Files(Vec<File>);

#[derive(Serialize, Deserialize, Schema)]
pub struct Link {
    #[schema(recursive)]
    folder: Box<Folder>,
    #[schema(recursive)]
    files: Files,
    #[serde(flatten)]
    owner: Owner,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Owner {
    #[schema(recursive)]
    owns: Option<Box<Link>>,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Tree<T> {
    value: T,
    children: Vec<Tree<T>>,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Unit;

// --- after ---
use std::collections::BTreeMap;

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Event)]
#[event(prefix = "tree")]
pub enum TreeEvent {
    Planted {
        root: Folder,
        #[schema(recursive)]
        alone: Option<Unit>,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Folder {
    #[schema(recursive)]
    files: BTreeMap<String, (File, Option<Files>)>,
}

#[derive(Serialize, Deserialize, Schema)]
pub enum File {
    Empty(#[schema(recursive)] Unit),
    Link(Link),
    Parts {
        #[schema(recursive)]
        parts: Vec<File>,
        #[schema(recursive)]
        tree: Tree<Box<Link>>,
    },
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Files(Vec<File>);

#[derive(Serialize, Deserialize, Schema)]
pub struct Link {
    #[schema(recursive)]
    folder: Box<Folder>,
    #[schema(recursive)]
    files: Files,
    #[serde(flatten)]
    owner: Owner,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Owner {
    #[schema(recursive)]
    owns: Option<Box<Link>>,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Tree<T> {
    value: T,
    children: Vec<Tree<T>>,
}

#[derive(Serialize, Deserialize, Schema)]
pub struct Unit;
