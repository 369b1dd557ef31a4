//! What is written of a locked shape: it is in the source here too, so it compiles, and it is what is locked.

use std::collections::{BTreeMap, BTreeSet};

use eventsourcing::{
    __private::{OldType, old_type},
    Schema,
    schema::{CutTarget, Field, Shape},
};
use serde::{Deserialize, Serialize};

/// The text without what `rustfmt` and `stringify!` see otherwise: spaces, and commas at ends.
fn bare(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    text.replace(",}", "}").replace(",)", ")")
}

fn old(name: &'static str, into: &'static str) -> OldType<'static> {
    OldType { name, into, variant: "", hidden: &[] }
}

/// A module of what is written for the shape of a locked type, and a test that it is that.
macro_rules! written {
    ($test:ident: $locked:ty, now $now:ty, as $old:ident into $into:literal { $($item:item)* }) => {
        #[allow(dead_code, unreachable_code, unused_imports, unused_variables, clippy::todo, reason = "it is compiled and never run")]
        mod $test {
            use super::*;
            $($item)*
            pub(super) const SHAPE: Shape = <$old as Schema>::SHAPE;
        }

        #[test]
        fn $test() {
            let locked = <$locked as Schema>::SHAPE;
            let text = old_type(&old(stringify!($old), $into), &<$now as Schema>::SHAPE, &locked);
            assert_eq!(bare(&text), bare(concat!($(stringify!($item)),*)), "{text}");
            assert_eq!($test::SHAPE.fingerprint(), locked.fingerprint(), "{text}");
        }
    };
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(rename_all = "camelCase")]
struct Names {
    r#type: String,
    two_words: u8,
    #[serde(rename = "größe")]
    size: bool,
    #[serde(alias = "sum \"of\" all")]
    total: char,
}

written! {
    names_are_those_of_rust_as_far_as_it_takes_them: Names, now (), as NamesV1 into "" {
        #[derive(serde::Deserialize, eventsourcing::Schema)]
        struct NamesV1 {
            r#type: String,
            #[serde(rename = "twoWords")]
            two_words: u8,
            #[serde(rename = "größe")]
            field_2: bool,
            #[serde(alias = "sum \"of\" all")]
            total: char,
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Schema)]
enum Side {
    Left,
    Right,
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Schema)]
struct Part {
    side: Side,
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(deny_unknown_fields)]
struct Sets {
    parts: BTreeSet<Part>,
    by_side: BTreeMap<Side, u8>,
    numbers: Option<BTreeSet<u8>>,
}

written! {
    a_set_of_structs_needs_no_order_and_a_key_has_a_hash: Sets, now (), as SetsV1 into "" {
        #[derive(serde::Deserialize, eventsourcing::Schema)]
        #[serde(deny_unknown_fields)]
        struct SetsV1 {
            #[schema(as = std::collections::HashSet<SetsV1Parts>)]
            parts: Vec<SetsV1Parts>,
            by_side: std::collections::HashMap<SetsV1BySideKey, u8>,
            numbers: Option<std::collections::HashSet<u8>>,
        }
        #[derive(serde::Deserialize, eventsourcing::Schema)]
        struct SetsV1Parts {
            side: SetsV1PartsSide,
        }
        #[derive(serde::Deserialize, eventsourcing::Schema)]
        enum SetsV1PartsSide {
            Left,
            Right,
        }
        #[derive(serde::Deserialize, eventsourcing::Schema, PartialEq, Eq, Hash)]
        enum SetsV1BySideKey {
            Left,
            Right,
        }
    }
}

#[derive(Serialize, Deserialize, Schema)]
struct Absent {
    #[serde(default)]
    count: u32,
    #[serde(default = "left")]
    side: Side,
    note: Note,
}

fn left() -> Side {
    Side::Left
}

#[derive(Serialize, Deserialize, Schema)]
struct Note(Option<String>);

written! {
    what_may_be_absent_has_a_default_or_is_an_option: Absent, now (), as AbsentV1 into "" {
        #[derive(serde::Deserialize, eventsourcing::Schema)]
        struct AbsentV1 {
            #[serde(default)]
            count: u32,
            #[serde(default)]
            #[schema(as = AbsentV1Side)]
            side: Option<AbsentV1Side>,
            note: AbsentV1Note,
        }
        #[derive(serde::Deserialize, eventsourcing::Schema)]
        enum AbsentV1Side {
            Left,
            Right,
        }
        #[derive(serde::Deserialize, eventsourcing::Schema)]
        struct AbsentV1Note(Option<String>);
    }
}

#[derive(Serialize, Deserialize, Schema)]
struct Tree {
    children: Vec<Tree>,
    left: Option<Box<Tree>>,
    leaf: Leaf,
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
enum Leaf {
    Green { size: u8 },
    Brown,
}

/// As a lock has two structs that lead to each other, and one behind a cut.
struct Folder;

impl Schema for Folder {
    const SHAPE: Shape = object(&[field("files", Shape::List(&FILE))]);
}

const FILE: Shape = object(&[
    field("link", Shape::Option(&Shape::Cut(CutTarget::back(2)))).optional(true),
    field("label", Shape::Cut(CutTarget::locked(&object(&[field("color", Shape::String)])))),
    field("anything", Shape::List(&Shape::Cut(CutTarget::UNKNOWN))),
]);

const fn object(fields: &'static [Field]) -> Shape {
    Shape::Struct { fields, closed: false }
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field::new(name, shape)
}

written! {
    a_cut_leads_back_to_the_old_type: Folder, now (), as FolderV1 into "" {
        #[derive(serde::Deserialize, eventsourcing::Schema)]
        struct FolderV1 {
            files: Vec<FolderV1Files>,
        }
        #[derive(serde::Deserialize, eventsourcing::Schema)]
        struct FolderV1Files {
            #[schema(recursive)]
            link: Option<Box<FolderV1>>,
            #[schema(recursive)]
            label: FolderV1FilesLabel,
            #[schema(recursive)]
            anything: Vec<serde_json::Value>,
        }
        #[derive(serde::Deserialize, eventsourcing::Schema)]
        struct FolderV1FilesLabel {
            color: String,
        }
    }
}

/// As `Tree`, and what has changed is something else.
#[derive(Serialize, Deserialize, Schema)]
struct Bush {
    children: Vec<Bush>,
    leaf: Leaf,
    roots: u8,
    #[serde(skip)]
    #[expect(dead_code, reason = "it is not stored")]
    cache: u64,
}

written! {
    what_has_not_changed_is_written_as_it_is: Tree, now Bush, as BushV1 into "Bush" {
        #[derive(serde::Deserialize, eventsourcing::Schema)]
        struct BushV1 {
            children: Vec<BushV1>,
            left: Option<Box<BushV1>>,
            leaf: Leaf,
        }
        impl From<BushV1> for Bush {
            fn from(old: BushV1) -> Self {
                Self {
                    children: todo!(),
                    leaf: old.leaf,
                    roots: todo!(),
                    ..todo!()
                }
            }
        }
    }
}
