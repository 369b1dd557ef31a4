//! Whose a section is: each belongs to one type, and each tag to one section.

use std::{
    any,
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
    sync::{Mutex, PoisonError},
};

use super::{Compiled, Lock, file::File, place::manifest_dir, render};
use crate::mutants::without;

/// Each tag belongs to one event type.
pub(super) fn alone<E: Compiled>(file: &File) -> Result<(), String> {
    let lock = E::LOCK;
    let retired = E::TYPES.retired.iter().map(|retired| retired.tag);
    let tags: Vec<String> = E::TYPES.own.iter().map(|event| event.tag).chain(retired).map(render::name).collect();
    for (name, section) in file.sections.iter().filter(|(name, _)| **name != lock.name()) {
        if let Some((tag, _)) = section.keys().find(|(tag, _)| tags.contains(tag)) {
            return Err(format!(
                "the tag {tag} of `{}` is also in the section [{name}] of `events.lock`: a stored event belongs to one type, so give one another tag; or if it has moved here, move its lines in `events.lock` to the section [{}]",
                lock.type_name,
                lock.name(),
            ));
        }
    }
    Ok(())
}

/// No two types of this program have one section, or each would miss in its code what the other one has in the lock.
pub(super) fn sole<E: Compiled>() -> Result<(), String> {
    static CLAIMS: Mutex<BTreeMap<&str, &str>> = Mutex::new(BTreeMap::new());
    let (section, own) = (E::LOCK.section, any::type_name::<E>());
    let mut claims = CLAIMS.lock().unwrap_or_else(PoisonError::into_inner);
    let first = *claims.entry(section).or_insert(own);
    if first == own || without("one_type_per_section") {
        return Ok(());
    }
    let (one, other) = if first < own { (first, own) } else { (own, first) };
    Err(format!(
        "the section [{}] of `events.lock` is claimed by `{one}` and by `{other}`: give one of them a section of its own with `#[event(lock = \"..\")]`",
        E::LOCK.name(),
    ))
}

/// Each section belongs to a type. An `events_lock!` has seen to it; without one, the name of each stands somewhere in the
/// sources of the crate.
pub(super) fn claimed(lock: &Lock, file: &File) -> Result<(), String> {
    if lock.is_listed {
        return Ok(());
    }
    let mut unclaimed: BTreeSet<&str> = file.sections.keys().map(String::as_str).collect();
    unclaimed.remove(lock.name().as_str());
    search(&manifest_dir(lock), &mut unclaimed)
        .map_err(|error| format!("the sources of the crate cannot be read: {error}"))?;
    if unclaimed.is_empty() || without("sections_in_sources") {
        return Ok(());
    }
    let names: Vec<String> = unclaimed.iter().map(|name| format!("[{name}]")).collect();
    Err(format!(
        "`events.lock` has the section {}, and no event type of the crate has this prefix, tag, or `lock`: what it wrote may be stored, so keep the type, if only with `#[event(retired(..))]`; if it was never stored, or its type has moved to another crate together with its section, remove the section",
        names.join(", ")
    ))
}

/// Takes out the sections whose names stand in a source file, as a whole string or as the beginning of a tag.
fn search(folder: &Path, unclaimed: &mut BTreeSet<&str>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if unclaimed.is_empty() {
            break;
        }
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        // A folder with a manifest of its own is another crate.
        if kind.is_dir() && !hidden && !path.join("Cargo.toml").exists() && !path.join("CACHEDIR.TAG").exists() {
            search(&path, unclaimed)?;
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "rs") {
            let source = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
            unclaimed.retain(|name| !names_section(&source, name));
        }
    }
    Ok(())
}

/// Whether the source holds the name as a string that may be a `prefix`, `tag` or `lock`, and not only a `category`.
fn names_section(source: &str, name: &str) -> bool {
    let literal = if name.starts_with('"') { name.to_owned() } else { format!("\"{name}\"") };
    source.match_indices(&literal).any(|(at, _)| !source[..at].trim_end().ends_with("category ="))
}
