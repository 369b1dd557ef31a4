//! Which package a tag, or a section of a lock, belongs to.

use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
};

use crate::schema::event::{EventTypes, Origin};

/// The owners of tags and of sections, as event types come to be known.
///
/// Types of one package may share them: its lock has a say there, and a program often has two releases of a type beside
/// each other. So may fixtures, which have no origin.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    names: HashMap<(SharedNameKind, &'static str), Origin>,
}

impl Owners {
    /// Takes in what belongs to these types and to those nested in them.
    pub(crate) fn add(&mut self, types: &EventTypes) -> Result<(), SharedName> {
        if let Some(origin) = types.origin {
            let own = types.own.iter().map(|event| event.tag);
            let tags = own.chain(types.retired.iter().map(|retired| retired.tag));
            // A tag says more than the prefix it begins with.
            for name in tags.map(|tag| (SharedNameKind::Tag, tag)) {
                self.claim(name, origin)?;
            }
            if let Some(section) = origin.section {
                self.claim((SharedNameKind::Section, section), origin)?;
            }
        }
        types.nested.iter().try_for_each(|types| self.add(types))
    }

    fn claim(&mut self, name: (SharedNameKind, &'static str), origin: Origin) -> Result<(), SharedName> {
        match self.names.entry(name) {
            Entry::Occupied(owner) if owner.get().package != origin.package => {
                let (kind, name) = name;
                Err(SharedName { kind, name, first: *owner.get(), second: origin })
            }
            Entry::Occupied(_) => Ok(()),
            Entry::Vacant(free) => {
                free.insert(origin);
                Ok(())
            }
        }
    }
}

/// Two packages have event types with one tag, or with one section in their locks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct SharedName {
    /// What they share.
    pub kind: SharedNameKind,
    /// The tag, or the name of the section.
    pub name: &'static str,
    /// Whose it was first.
    pub first: Origin,
    /// Who has it too.
    pub second: Origin,
}

/// What two packages share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SharedNameKind {
    /// A tag: a stored event could be of either type.
    Tag,
    /// A section, and so a prefix: the next event of either may get a tag of the other.
    Section,
}

impl fmt::Display for SharedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, first, second } = self;
        let (what, remedy) = match kind {
            SharedNameKind::Tag => (
                format!("the tag `{}`", name.escape_debug()),
                "a stored event belongs to one type: give one of them another prefix or tag",
            ),
            SharedNameKind::Section => (
                format!("the prefix `{}`", name.escape_debug()),
                "their next events may get the same tag: give one of them another prefix, or, if its tags cannot meet those \
                 of the other, a section of its own with `#[event(lock = \"..\")]`",
            ),
        };
        write!(
            f,
            "{what} is that of `{}` in the package `{}`, and of `{}` in the package `{}`; {remedy}",
            first.type_path, first.package, second.type_path, second.package
        )
    }
}
