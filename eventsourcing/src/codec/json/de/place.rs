//! Where in a payload an error arose.

use std::{cell::RefCell, fmt};

use serde::{
    Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::codec::{
    error::PayloadError,
    json::path::{self, Step},
};

/// The way down to an error, in numbers: the index of each element or entry that it passed, from the innermost outwards. What
/// stands there is looked up afterwards, so that nothing is done for it before there is an error.
#[derive(Debug, Default)]
pub(super) struct Place {
    numbers: RefCell<Vec<usize>>,
}

impl Place {
    /// The error, which passes the element or the entry with this number.
    pub(super) fn passed<E>(&self, number: usize, error: E) -> E {
        self.numbers.borrow_mut().push(number);
        error
    }

    /// The error that was passed on last, in this payload.
    pub(super) fn error(self, payload: &[u8], source: serde_json::Error) -> PayloadError {
        PayloadError { path: self.path(payload), source }
    }

    /// The path to the error, as far as the payload is JSON.
    fn path(self, payload: &[u8]) -> String {
        let mut numbers = self.numbers.into_inner();
        numbers.reverse();
        let mut steps = Vec::new();
        let way = Way { numbers: &numbers, steps: &mut steps };
        // What cannot be read ends the path, and the error itself says why.
        let _ = way.deserialize(&mut serde_json::Deserializer::from_slice(payload));
        path::text(&steps)
    }
}

/// Goes down a payload by numbers, and notes what it passes.
struct Way<'a> {
    numbers: &'a [usize],
    steps: &'a mut Vec<Step>,
}

impl<'de> DeserializeSeed<'de> for Way<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        if self.numbers.is_empty() { Ok(()) } else { value.deserialize_any(self) }
    }
}

impl<'de> Visitor<'de> for Way<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let [number, numbers @ ..] = self.numbers else { return Ok(()) };
        for _ in 0..*number {
            elements.next_element::<IgnoredAny>()?;
        }
        self.steps.push(Step::Index(*number));
        elements.next_element_seed(Way { numbers, steps: self.steps }).map(drop)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let [number, numbers @ ..] = self.numbers else { return Ok(()) };
        for _ in 0..*number {
            entries.next_entry::<IgnoredAny, IgnoredAny>()?;
        }
        let Some(key) = entries.next_key()? else { return Ok(()) };
        self.steps.push(Step::Key(key));
        entries.next_value_seed(Way { numbers, steps: self.steps })
    }
}
