//! Changes that no shape shows, and that the author has said to be meant.

use std::env;

use super::{COMMAND, places::Names};
use crate::schema::EventType;

/// Names the changes that are meant, as `account.opened 1: limits.currency`, separated by commas.
const VARIABLE: &str = "EVENTS_LOCK_ACCEPT";

/// Whether the author has said that the change of this place is meant.
pub(super) fn is_accepted(event: &EventType, version: u16, names: &Names) -> bool {
    let Ok(accepted) = env::var(VARIABLE) else { return false };
    let is_it = |said: &str| names.iter().any(|name| said.trim() == change(event, version, name));
    accepted.split(',').any(is_it)
}

/// How to say so for these places.
pub(super) fn command(event: &EventType, version: u16, places: &[&str]) -> String {
    let changes: Vec<String> = places.iter().map(|place| change(event, version, place)).collect();
    format!("{VARIABLE}=\"{}\" {COMMAND}", changes.join(", "))
}

/// How to give the events of this version what they had, without a change of what is stored.
pub(super) fn instead(event: &EventType, version: u16, what: &str) -> String {
    if version == event.version.get() {
        let next = u32::from(version) + 1;
        format!("make this version {next}, and convert with `upcast({version} = ..)` from a type that has {what}")
    } else {
        format!("give the type of this version {what} again")
    }
}

fn change(event: &EventType, version: u16, place: &str) -> String {
    format!("{} {version}: {place}", event.tag)
}
