//! What a lock says about tags and versions. The shapes are compared in constants, where types are known.

use std::collections::BTreeMap;

use syn::{Ident, ext::IdentExt};

use crate::{
    ast::{Body, Input},
    case::tag_word,
    diag::{Errors, nearest, text_of},
    lock::{self, Features, LockedEvent},
    model::{Lock, Nested, Own, Retired},
};

/// The section of an event type, and what is wrong with the code or with the section.
pub(super) fn lock(
    errors: &Errors,
    input: &Input<'_>,
    own: &[Own<'_>],
    nested: &[Nested<'_>],
    retired: &[Retired],
) -> Option<Lock> {
    // A type that only joins others has no events of its own; one that has a name for a section may have had some.
    let is_named = ["prefix", "lock"].into_iter().any(|key| input.own.has(key));
    let is_out = input.own.has("unlocked") || !input.generics.params.is_empty();
    if is_out || (own.is_empty() && retired.is_empty() && !is_named) {
        return None;
    }
    let section = section_name(errors, input, own)?;
    let (found, fault) = lock::section(&section);
    let mistakes = Errors::new();
    if let Some(fault) = fault {
        mistakes.at(input.ident, fault.0);
    }
    for (tag, locked) in by_tag(&found.events) {
        let versions = Versions::of(&locked);
        if let Some(own) = own.iter().find(|own| own.tag.value() == tag) {
            if own.sound {
                check_version(&mistakes, own, &versions);
            }
        } else if let Some(retired) = retired.iter().find(|retired| retired.tag.value() == tag) {
            check_retired(&mistakes, retired, &versions);
        } else if errors.is_empty() {
            // After a mistake, what reads it may only be misspelt.
            let section = Section { input, own, nested, locked: &found.events };
            section.unread(&mistakes, tag, &versions);
        }
    }
    Some(Lock { section, found, mistakes: mistakes.finish() })
}

fn section_name(errors: &Errors, input: &Input<'_>, own: &[Own<'_>]) -> Option<String> {
    if let Some(name) = input.own.str("lock").or_else(|| input.own.str("prefix")) {
        return Some(name.value());
    }
    if let (Body::Struct(_), [own]) = (&input.body, own) {
        return Some(own.tag.value());
    }
    if !errors.is_empty() {
        // The prefix may be what is missing, or what is misspelled.
        return None;
    }
    let name = input.ident.unraw().to_string();
    let word = tag_word(name.strip_suffix("Event").filter(|rest| !rest.is_empty()).unwrap_or(&name));
    errors.at(
        input.ident,
        format!("`{name}` has no prefix to name its section of `events.lock`: write `#[event(lock = \"{word}\")]`, or `#[event(unlocked)]` if it is a fixture whose events are never kept"),
    );
    None
}

fn by_tag(events: &[LockedEvent]) -> BTreeMap<&str, Vec<u16>> {
    let mut tags: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
    for event in events {
        tags.entry(&event.tag).or_default().push(event.version);
    }
    tags
}

/// The oldest and the newest version of a tag that history may hold.
struct Versions {
    first: u16,
    last: u16,
}

impl Versions {
    fn of(locked: &[u16]) -> Self {
        let extreme = |found: Option<&u16>| found.copied().unwrap_or(1);
        Self { first: extreme(locked.iter().min()), last: extreme(locked.iter().max()) }
    }

    fn shown(&self) -> String {
        if self.first == self.last {
            format!("version {}", self.first)
        } else {
            format!("versions {} to {}", self.first, self.last)
        }
    }
}

fn check_version(mistakes: &Errors, own: &Own<'_>, locked: &Versions) {
    let (tag, now, last) = (own.tag.value(), own.version, locked.last);
    if now < last {
        mistakes.push(syn::Error::new(
            own.version_at,
            format!("`{tag}` is locked up to version {last}, so events of version {last} may be stored, and this is version {now}; a version never goes back: write `version = {last}` for the locked shape, or `version = {}` for another one", u32::from(last) + 1),
        ));
    } else if u32::from(now) > u32::from(last) + 1 {
        mistakes.push(syn::Error::new(
            own.version_at,
            format!("`{tag}` is locked up to version {last}, so the next one is {}, and this is {now}; write `version = {}`", last + 1, last + 1),
        ));
    }
}

fn check_retired(mistakes: &Errors, retired: &Retired, locked: &Versions) {
    if retired.first > locked.first || retired.last < locked.last {
        let (first, last) = (retired.first.min(locked.first), retired.last.max(locked.last));
        let (tag, shown) = (retired.tag.value(), locked.shown());
        mistakes.at(
            &retired.tag,
            format!("`{tag}` is locked in {shown}, which may all be stored; write `retired(\"{tag}\", versions = {first}..={last})`"),
        );
    }
}

/// What the code has for a section of the lock.
struct Section<'a> {
    input: &'a Input<'a>,
    own: &'a [Own<'a>],
    nested: &'a [Nested<'a>],
    locked: &'a [LockedEvent],
}

impl<'a> Section<'a> {
    /// Reports a locked event that the code knows nothing of any more.
    fn unread(&self, mistakes: &Errors, tag: &str, versions: &Versions) {
        let name = self.input.ident;
        let (shown, first, last) = (versions.shown(), versions.first, versions.last);
        let renamed = self.renamed(tag);
        let problem = format!(
            "`{tag}` is locked in {shown}, and nothing in `{name}` reads it any more, so stored events would be lost to it"
        );
        let meant =
            renamed.map(|new| format!("if `{new}` is its new name, keep the stored one: `#[event(tag = \"{tag}\")]`"));
        let retired = format!(
            "if nothing writes it from now on, say so on `{name}`: `#[event(retired(\"{tag}\", versions = {first}..={last}))]`"
        );
        let feature = Features::of_the_package().hint().map(ToOwned::to_owned);
        let lines: Vec<String> =
            [Some(problem), feature, meant, self.elsewhere(), Some(retired)].into_iter().flatten().collect();
        mistakes.at(renamed.unwrap_or(name), lines.join("\n  "));
    }

    /// The variant that is probably the new name of a locked event.
    fn renamed(&self, tag: &str) -> Option<&'a Ident> {
        let is_new = |own: &&Own<'_>| self.locked.iter().all(|event| event.tag != own.tag.value());
        let new: Vec<&Own<'_>> = self.own.iter().filter(is_new).collect();
        let tags: Vec<String> = new.iter().map(|own| own.tag.value()).collect();
        if let [only] = new.as_slice() {
            return Some(only.ident);
        }
        let near = nearest(tag, tags.iter().map(String::as_str))?;
        new.iter().find(|own| own.tag.value() == near).map(|own| own.ident)
    }

    /// What to do when the event is in another type by now, or has been all along.
    fn elsewhere(&self) -> Option<String> {
        if let [Nested { ty, .. }, ..] = self.nested {
            let ty = text_of(ty);
            return Some(format!("if it is in `{ty}` now, move its lines in `events.lock` to the section of `{ty}`"));
        }
        let is_locked = |own: &Own<'_>| self.locked.iter().any(|event| event.tag == own.tag.value());
        if self.own.is_empty() || self.own.iter().any(is_locked) {
            return None;
        }
        let word = tag_word(&self.input.ident.unraw().to_string());
        Some(format!(
            "if it is an event of another type, give this one a section of its own: `#[event(lock = \"{word}\")]`"
        ))
    }
}
