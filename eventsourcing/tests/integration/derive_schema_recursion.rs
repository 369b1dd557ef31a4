//! `derive(Schema)` on types that contain themselves, next to and inside of others that do.

use std::collections::{BTreeMap, HashMap, VecDeque};

use eventsourcing::{
    Schema, lock,
    schema::{CutTarget, Field, Integer, Shape, Tagging, Variant},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const I64: Shape = Shape::Integer(Integer::I64);
/// What is behind a cut is no part of a shape.
const CUT: CutTarget = CutTarget::of::<i64>();

#[derive(Serialize, Deserialize, Schema)]
struct Page<T> {
    items: Vec<T>,
}

#[derive(Serialize, Deserialize, Schema)]
struct Tree<T> {
    value: T,
    children: Vec<Tree<T>>,
}

#[derive(Serialize, Deserialize, Schema)]
struct Comment {
    text: String,
    answers: Page<Comment>,
    by_name: BTreeMap<String, VecDeque<Comment>>,
}

#[derive(Serialize, Deserialize, Schema)]
struct Section {
    title: String,
    #[schema(recursive)]
    parts: Tree<Box<Section>>,
    #[schema(recursive)]
    index: HashMap<String, Result<Vec<Section>, i64>>,
}

#[derive(Serialize, Deserialize, Schema)]
struct Cut {
    title: String,
    #[schema(recursive)]
    parts: Tree<Box<Cut>>,
}

#[derive(Serialize, Deserialize, Schema)]
struct Chain {
    tree: Tree<i64>,
    next: Option<Box<Chain>>,
}

/// Outside and inside are alike but for what is behind their cuts.
#[derive(Serialize, Deserialize, Schema)]
struct Outside {
    #[schema(recursive)]
    parts: Vec<Inside>,
}

#[derive(Serialize, Deserialize, Schema)]
struct Inside {
    #[schema(recursive)]
    parts: Vec<Innermost>,
}

#[derive(Serialize, Deserialize, Schema)]
struct Innermost {
    end: bool,
}

#[derive(Serialize, Deserialize, Schema)]
struct Folder<T> {
    #[schema(recursive)]
    files: Vec<File<T>>,
}

#[derive(Serialize, Deserialize, Schema)]
struct File<T> {
    own: T,
    link: Option<Box<Folder<T>>>,
}

/// A generic type around the type itself is seen through, as long as it does not contain itself.
#[test]
fn through_a_generic_type() {
    let page = object([field("items", Shape::List(&Shape::Itself))]);
    let lists = Shape::Map { key: &Shape::String, value: &Shape::List(&Shape::Itself) };
    let whole = object([field("text", Shape::String), field("answers", page), field("by_name", lists)]);
    assert_eq!(Comment::SHAPE, recursive(whole));
    let answer = json!({ "text": "b", "answers": { "items": [] }, "by_name": {} });
    read_again::<Comment>(&json!({ "text": "a", "answers": { "items": [answer] }, "by_name": { "c": [answer] } }));
}

/// Inside of another recursion "itself" would be the other type, so the walk ends there; it does not end in wrappers of the
/// standard library.
#[test]
fn through_a_generic_type_that_contains_itself() {
    let results = Shape::Enum {
        tagging: Tagging::External,
        variants: Box::leak(Box::new([variant("Ok", Shape::List(&Shape::Itself)), variant("Err", I64)])),
    };
    let index = Shape::Map { key: &Shape::String, value: leak(results) };
    let whole = object([field("title", Shape::String), field("parts", Shape::Cut(CUT)), field("index", index)]);
    assert_eq!(Section::SHAPE, recursive(whole));
    let whole = object([field("title", Shape::String), field("parts", Shape::Cut(CUT))]);
    assert_eq!(Cut::SHAPE, whole, "what is cut off altogether does not come again");
}

/// One recursion inside of another, where neither leads to the other.
#[test]
fn side_by_side() {
    let tree = |value| recursive(object([field("value", value), field("children", Shape::List(&Shape::Itself))]));
    let next = field("next", Shape::Option(&Shape::Itself)).optional(true);
    assert_eq!(Chain::SHAPE, recursive(object([field("tree", tree(I64)), next])));
    assert_eq!(Tree::<Tree<i64>>::SHAPE, tree(tree(I64)));
    let tree = json!({ "value": 1, "children": [{ "value": 2, "children": [] }] });
    read_again::<Chain>(&json!({ "tree": tree, "next": { "tree": tree, "next": null } }));
}

/// Only what is the same behind its cuts, too, counts as the type that comes again.
#[test]
fn types_that_differ_behind_cuts_are_told_apart() {
    assert_eq!(Outside::SHAPE, Inside::SHAPE);
    let innermost = lock::payloads(&Outside::SHAPE).iter().filter(|payload| payload.contains(r#""end":true"#)).count();
    assert!(innermost > 0, "the type behind both cuts is followed");
    read_again::<Outside>(&json!({ "parts": [{ "parts": [{ "end": true }] }] }));
}

/// Behind a cut that depends on a parameter nothing is known, or the bounds of the two types would depend on each other.
#[test]
fn generic_types_of_a_cycle() {
    assert_eq!(Folder::<bool>::SHAPE, object([field("files", Shape::List(&Shape::Cut(CUT)))]));
    assert_eq!(lock::payloads(&Folder::<bool>::SHAPE), [r#"{"files":[]}"#]);
    read_again::<Folder<bool>>(&json!({ "files": [{ "own": true, "link": { "files": [] } }] }));
}

/// serde reads the value, and writes the same.
#[track_caller]
fn read_again<T: Serialize + for<'a> Deserialize<'a>>(value: &Value) {
    let read: T = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), *value);
}

fn leak(shape: Shape) -> &'static Shape {
    Box::leak(Box::new(shape))
}

fn recursive(shape: Shape) -> Shape {
    Shape::Recursive(leak(shape))
}

fn object<const N: usize>(fields: [Field; N]) -> Shape {
    Shape::Struct { fields: Box::leak(Box::new(fields)), closed: false }
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field::new(name, shape)
}

const fn variant(name: &'static str, shape: Shape) -> Variant {
    Variant::new(name, shape)
}
