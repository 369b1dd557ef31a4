//! What a lock says of a version beside its shape: what absent fields are, and what reads stated shapes.

use super::{
    adapters::{self, Adapters},
    defaults::{self, Defaults},
    places::{self, Note},
};
use crate::schema::{EventType, Shape, recursion::said};

/// What the lock of an event as it was says against the values of today: the proof of the rules asks it.
pub fn changed_values(today: &EventType, locked: &EventType) -> Option<String> {
    let notes = |event: &EventType, locked| Notes::of(event, event.version.get(), &event.shape, locked);
    match notes(locked, None) {
        Ok(was) => notes(today, Some(&was.put_into(&locked.shape))).err(),
        Err(fault) => Some(fault),
    }
}

/// The notes of one version, as the lock is to have them.
pub(super) struct Notes {
    defaults: Defaults,
    adapters: Adapters,
}

impl Notes {
    /// Those of a version with this shape in the code, beside what is locked of it.
    pub(super) fn of(event: &EventType, version: u16, shape: &Shape, locked: Option<&Shape>) -> Result<Self, String> {
        let defaults = defaults::defaults(event, version, shape, locked)?;
        Ok(Self { defaults, adapters: adapters::adapters(event, version, shape, locked)? })
    }

    /// Whether the lock has them otherwise.
    pub(super) fn changed(&self) -> bool {
        self.defaults.changed || self.adapters.changed
    }

    /// Whether other code stands behind a stated shape than when it was locked.
    pub(super) fn swapped(&self) -> bool {
        self.adapters.swapped
    }

    /// The shape with these notes.
    pub(super) fn put_into(&self, shape: &Shape) -> Shape {
        places::changed(&said(shape), &mut |names, note| {
            let text = match note {
                Note::Default(_) => self.defaults.text(names),
                Note::Stated(..) => self.adapters.text(names),
            };
            text.map(|text| &*String::leak(text.to_owned()))
        })
    }
}
