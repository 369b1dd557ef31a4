//! What `events_lock!` asks of the types it names, while it compiles: that they are locked, and that the sections of the
//! lock are theirs, each of one type.

use std::marker::PhantomData;

use crate::{
    mutants::without,
    schema::{Event, EventTypes, compare::Message},
    vocabulary::same,
};

/// An event type that an `events_lock!` of its own crate names.
pub trait Listed {}

/// Tells of each type whether it is [`Listed`], by a constant `YES`: the one of its own, where there is one, or else that of
/// [`MayBeListed`].
#[derive(Debug)]
pub struct IsListed<T>(PhantomData<T>);

impl<T: Listed> IsListed<T> {
    /// It is.
    pub const YES: bool = true;
}

/// What holds for any type.
pub trait MayBeListed {
    /// As far as is known.
    const YES: bool = false;
}

impl<T> MayBeListed for IsListed<T> {}

/// Fails to compile when what stands under the name of the type in its module is not a locked event type.
#[track_caller]
pub const fn stands_in_a_module<T: Event>(name: &str) {
    if T::TYPES.origin.is_none() {
        let mut message = Message::new();
        message.quote(name);
        message.add(" stands in a function, where none of the tests run that keep its lock; move it into a module, or, if it is a fixture whose events are never kept, write `#[event(unlocked)]`");
        message.fail();
    }
}

/// Fails to compile when the type is of another package, whose lock is another file.
#[track_caller]
pub const fn is_of_this_package(own: &EventTypes, package: &str) {
    let Some(origin) = own.origin else { return };
    if !same(origin.package, package) {
        let mut message = Message::new();
        message.quote(origin.type_path);
        message.add(" is of the package ");
        message.quote(origin.package);
        message.add(", whose own `events.lock` has its section; name it in the `events_lock!` of that package");
        message.fail();
    }
}

/// Fails to compile when the type stands in the list more than once, or its section is that of a type before it.
#[track_caller]
pub const fn is_claimed_once(listed: &[&EventTypes], own: &EventTypes) {
    let Some(own) = own.origin else { return };
    let mut message = Message::new();
    let (mut i, mut times) = (0, 0);
    while i < listed.len() {
        if let Some(other) = listed[i].origin {
            if same(own.type_path, other.type_path) {
                times += 1;
            } else if let (0, Some(section), Some(others)) = (times, own.section, other.section)
                && same(section, others)
                && !without("sections_claimed_once")
            {
                message.add("the section [");
                message.add(section);
                message.add("] of `events.lock` is claimed by ");
                message.quote(other.type_path);
                message.add(" and by ");
                message.quote(own.type_path);
                message.add("; give one of them a section of its own: `#[event(lock = \"..\")]`");
                message.fail();
            }
        }
        i += 1;
    }
    if times > 1 {
        message.quote(own.type_path);
        message.add(" is listed twice; name it once");
        message.fail();
    }
}

/// Fails to compile when the lock has sections that none of the types claims. So many of them may be those of types that
/// stand in the list and are not compiled; and after a mistake in a type, nobody knows its section.
#[track_caller]
pub const fn all_are_claimed(sections: &[&str], listed: &[&EventTypes], are_whole: &[bool], absent: usize) {
    let mut i = 0;
    while i < are_whole.len() {
        if !are_whole[i] {
            return;
        }
        i += 1;
    }
    let mut unclaimed = 0;
    let mut message = Message::new();
    i = 0;
    while i < sections.len() {
        if !is_claimed(sections[i], listed) {
            unclaimed += 1;
            message.add(if unclaimed == 1 { "no type claims section [" } else { ", [" });
            message.add(sections[i]);
            message.add("]");
        }
        i += 1;
    }
    if unclaimed > absent && !without("sections_claimed") {
        message.add(
            " of `events.lock`, so nothing keeps its stored events readable\n  \
             if its type is in this crate, add it to this `events_lock!`, with its `#[cfg(..)]` before it if it is behind a feature; if it is in another target of the package (a binary, a test), add the name of the section here, as a string\n  \
             if only tests have it, it is a fixture: write `#[event(unlocked)]` on it, and take its section out of the lock\n  \
             if the type is gone: its events may be stored, so keep it, if only with `#[event(retired(..))]`; remove the section by hand only if nothing of it was ever stored, or if it has moved to the `events.lock` of another crate with its type",
        );
        message.fail();
    }
}

const fn is_claimed(section: &str, listed: &[&EventTypes]) -> bool {
    let mut i = 0;
    while i < listed.len() {
        if let Some(origin) = listed[i].origin
            && let Some(claimed) = origin.section
            && same(section, claimed)
        {
            return true;
        }
        i += 1;
    }
    false
}
