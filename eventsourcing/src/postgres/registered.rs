//! Which types of events this process knows to be registered.

use std::{
    collections::{HashMap, HashSet},
    sync::{PoisonError, RwLock},
};

use crate::vocabulary::{Encoded, SchemaVersion, Tag};

/// The types that this process knows to be registered by committed transactions. Shared by the clones of a store.
///
/// It may know too little, never too much: what it knows holds for the server that it was learnt from, so it
/// [forgets](Self::forget) all of it where there may be another one, which may have lost the latest commits.
#[derive(Debug, Default)]
pub(super) struct Registered(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    epoch: Epoch,
    types: HashMap<Tag, HashSet<SchemaVersion>>,
}

/// How often everything has been forgotten.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Epoch(u64);

impl Registered {
    pub(super) fn epoch(&self) -> Epoch {
        self.0.read().unwrap_or_else(PoisonError::into_inner).epoch
    }

    /// Whether one of these events may be of a type that is not registered; then, for [`learn`](Self::learn), as of when.
    pub(super) fn unknown_as_of<'a>(&self, events: impl Iterator<Item = &'a Encoded<Vec<u8>>>) -> Option<Epoch> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut last = None;
        for event in events {
            let this = Some((&event.tag, event.schema_version));
            // Events of one type mostly stand together.
            if this != last && !known.types.get(&event.tag).is_some_and(|all| all.contains(&event.schema_version)) {
                return Some(known.epoch);
            }
            last = this;
        }
        None
    }

    /// These types were found registered by a committed transaction, at some time since `epoch` was current.
    pub(super) fn learn<'a>(&self, epoch: Epoch, types: impl Iterator<Item = (&'a Tag, SchemaVersion)>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.epoch != epoch {
            return;
        }
        for (tag, version) in types {
            match known.types.get_mut(tag) {
                Some(versions) => drop(versions.insert(version)),
                None => drop(known.types.insert(tag.clone(), HashSet::from([version]))),
            }
        }
    }

    /// A connection was lost or is new: the server may be another one than before.
    pub(super) fn forget(&self) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.epoch.0 += 1;
        known.types.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::Registered;
    use crate::vocabulary::{Encoded, SchemaVersion, Tag};

    fn event(tag: &'static str, version: u16) -> Encoded<Vec<u8>> {
        let schema_version = SchemaVersion::new(version).unwrap();
        Encoded { tag: Tag::from_static(tag), schema_version, payload: Vec::new() }
    }

    #[test]
    fn each_version_of_a_tag_is_known_by_itself() {
        let registered = Registered::default();
        let events = [event("a", 1), event("a", 1), event("b", 2)];
        let epoch = registered.unknown_as_of(events.iter()).unwrap();
        registered.learn(epoch, events.iter().map(|event| (&event.tag, event.schema_version)));
        assert_eq!(registered.unknown_as_of(events.iter()), None);
        for unknown in [event("a", 2), event("b", 1), event("c", 1)] {
            let group = [event("a", 1), unknown];
            assert_eq!(registered.unknown_as_of(group.iter()), Some(epoch), "{group:?}");
        }
    }

    #[test]
    fn what_was_learnt_before_everything_was_forgotten_counts_no_more() {
        let registered = Registered::default();
        let events = [event("a", 1)];
        let types = || events.iter().map(|event| (&event.tag, event.schema_version));
        let before = registered.epoch();
        registered.learn(before, types());
        registered.forget();
        assert!(registered.unknown_as_of(events.iter()).is_some());
        registered.learn(before, types());
        assert!(registered.unknown_as_of(events.iter()).is_some());
        registered.learn(registered.epoch(), types());
        assert!(registered.unknown_as_of(events.iter()).is_none());
    }
}
