//! Lists, sets, arrays and tuples: all are arrays on the wire, and differ in how many elements they have, whether two may
//! be equal, and whether each place has a shape of its own.

use super::{Place, Walk};
use crate::{mutants::without, schema::Shape};

impl Walk<'_> {
    pub(super) const fn sequence(&mut self, now: &Shape, locked: &Shape, place: Place<'_>) {
        match (now, locked) {
            (Shape::List(now), Shape::List(locked)) | (Shape::Set(now), Shape::Set(locked)) => {
                self.compare(now, locked, place.then("[]"));
            }
            (Shape::List(now), Shape::Set(locked) | Shape::Array(locked, _)) => {
                self.additive();
                self.compare(now, locked, place.then("[]"));
            }
            (Shape::Array(now, length), Shape::Array(locked, was)) if *length == *was => {
                self.compare(now, locked, place.then("[]"));
            }
            (Shape::Tuple(now), Shape::Tuple(locked)) if now.len() == locked.len() => {
                let mut i = 0;
                while i < now.len() {
                    self.compare(&now[i], &locked[i], place.then(index(i)));
                    i += 1;
                }
            }
            (Shape::List(now), Shape::Tuple(locked)) => self.elements(now, locked, place),
            (Shape::Array(now, length), Shape::Tuple(locked)) if *length == locked.len() => {
                self.elements(now, locked, place);
            }
            (Shape::Tuple(now), Shape::Array(locked, was)) if now.len() == *was => {
                self.additive();
                let mut i = 0;
                while i < now.len() {
                    self.compare(&now[i], locked, place.then(index(i)));
                    i += 1;
                }
            }
            (Shape::Set(_), _) => {
                self.retyped(now, locked, &place);
                self.message.add("; a set keeps one of several equal elements");
            }
            _ => self.retyped(now, locked, &place),
        }
    }

    /// What a heap would make of another sequence. Older releases had no format for heaps, so their locks may say `list of`
    /// for what was a heap already.
    pub(super) const fn becomes_a_heap(&mut self, now: &Shape, locked: &Shape, place: &Place<'_>) {
        self.loses_order(now, locked, place);
        if matches!(locked, Shape::List(_)) && !without("kept_orders") {
            self.message.add(
                "\n    if it was a heap all along, and its lock is older than this format: write `format heap` before this `list of` in `events.lock`",
            );
        }
    }

    const fn elements(&mut self, now: &Shape, locked: &[Shape], place: Place<'_>) {
        self.additive();
        let mut i = 0;
        while i < locked.len() {
            self.compare(now, &locked[i], place.then(index(i)));
            i += 1;
        }
    }
}

/// A place in a tuple; serde has sixteen.
const fn index(index: usize) -> &'static str {
    const NAMES: [&str; 16] = [
        "[0]", "[1]", "[2]", "[3]", "[4]", "[5]", "[6]", "[7]", "[8]", "[9]", "[10]", "[11]", "[12]", "[13]", "[14]",
        "[15]",
    ];
    if index < NAMES.len() { NAMES[index] } else { "[..]" }
}
