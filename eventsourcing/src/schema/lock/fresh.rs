//! Whether the lock has all that the code has.

use std::{
    any,
    collections::{BTreeMap, BTreeSet},
    env, fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{
    Compiled, Failure, Lock, LockedEvent,
    file::{File, Key, Section},
    list,
    notes::Notes,
    render, write,
};
use crate::schema::{
    EventType, Shape, Verdict,
    beyond::unfolded,
    compare::{Part, losses},
    compatibility,
    history::findings,
};

/// Compares the lock with the code of `E`, as a test of the crate that has the type; with `EVENTS_LOCK=write` it writes
/// the lock instead.
///
/// # Errors
///
/// What the lock lacks and how to write it, or why it cannot be written.
pub fn is_fresh<E: Compiled>() -> Result<(), Failure> {
    let outcome = sole::<E>().and_then(|()| match env::var("EVENTS_LOCK").as_deref() {
        Ok("write") => write::section::<E>(),
        // The compiler has nothing to write, or there would be no test.
        Ok("old") | Err(_) => check::<E>(),
        Ok(other) => Err(format!("EVENTS_LOCK is `{other}`; it can be `write`, and `old` while compiling")),
    });
    list::remind(&E::LOCK);
    outcome.map_err(Failure::new)
}

fn check<E: Compiled>() -> Result<(), String> {
    let lock = E::LOCK;
    let path = path(&lock);
    let file = read(&path)?;
    let compiled = compiled(&lock)?;
    let section = file.sections.get(&lock.name());
    if section != compiled.sections.get(&lock.name()) {
        return Err(format!(
            "`{}` has changed since this was compiled; run `{}`, and then the tests again",
            path.display(),
            lock.command()
        ));
    }
    alone::<E>(&file)?;
    let section = section.cloned().unwrap_or_default();
    let wanted = wanted::<E>(&section)?;
    let stray = claimed(&lock, &file);
    let Some(changes) = changes(&section, &wanted) else { return stray };
    let mut message = format!(
        "`events.lock` does not have what `{}` has:\n{changes}\n\nWrite it and commit it: {}",
        lock.type_name,
        lock.command()
    );
    // Both are said, because an event that seems to be new may be one whose section is the stray one.
    if let Err(stray) = stray {
        message.push_str("\n\n");
        message.push_str(&stray);
    }
    Err(message)
}

/// Where the lock is now. Tests may run on another machine than the one that compiled them.
pub(super) fn path(lock: &Lock) -> PathBuf {
    manifest_dir(lock).join(env::var_os("EVENTS_LOCK_FILE").unwrap_or_else(|| "events.lock".into()))
}

pub(super) fn manifest_dir(lock: &Lock) -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| lock.manifest_dir.into(), PathBuf::from)
}

/// The lock on disk; an empty one when there is none.
pub(super) fn read(path: &Path) -> Result<File, String> {
    match fs::read_to_string(path) {
        Ok(text) => File::parse(&text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(File::default()),
        Err(error) => Err(format!("`{}` cannot be read: {error}", path.display())),
    }
}

/// The lock that this was compiled with.
pub(super) fn compiled(lock: &Lock) -> Result<File, String> {
    lock.compiled.map_or_else(|| Ok(File::default()), |bytes| File::parse(&String::from_utf8_lossy(bytes)))
}

impl Lock {
    /// The name of the section, as it stands in the file.
    pub(super) fn name(&self) -> String {
        render::name(self.section)
    }
}

/// The section as it should be: what is locked stays, but for the shape of what is written today.
pub(super) fn wanted<E: Compiled>(section: &Section) -> Result<Section, String> {
    let mut wanted = section.clone();
    for event in E::TYPES.own {
        let today = std::iter::once((event.version.get(), &event.shape));
        for (version, shape) in (1..).zip(event.older).chain(today) {
            let verdict = verdict::<E>(event, version, shape)?;
            let locked = locked::<E>(event, version).map(|locked| locked.shape);
            let notes = Notes::of(event, version, shape, locked)?;
            let is_today = version == event.version.get();
            let written = match locked {
                Some(_) if !notes.changed() && (verdict == Some(Verdict::Same) || !is_today) => continue,
                // The shape of an older version stays as it is locked.
                Some(locked) if !is_today => locked,
                _ => shape,
            };
            if let (true, Some(locked)) = (notes.swapped(), locked) {
                still_readable::<E>(event.tag, version, locked)?;
            }
            wanted.insert(key(event, version), render::event(event.tag, version, &notes.put_into(written)));
        }
    }
    Ok(wanted)
}

/// What is locked is read by today's code, and written again as it was: asked before other code is locked beside a shape.
fn still_readable<E: Compiled>(tag: &'static str, version: u16, shape: &'static Shape) -> Result<(), String> {
    let unreadable = findings::<E>(&[LockedEvent { tag, version, shape }]).unreadable;
    unreadable.map_or(Ok(()), |found| Err(format!("the lock cannot be written, because other code stands behind a stated shape (`#[schema(as = ..)]`):\n{found}")))
}

/// The locked version of an event.
fn locked<E: Compiled>(event: &EventType, version: u16) -> Option<&'static LockedEvent> {
    E::LOCK.events.iter().find(|locked| locked.tag == event.tag && locked.version == version)
}

/// What this shape of an event is to the locked one, behind cuts as well; `None` when none is locked. The compiler has
/// refused what is lost elsewhere, so a loss is behind a cut.
fn verdict<E: Compiled>(event: &EventType, version: u16, shape: &Shape) -> Result<Option<Verdict>, String> {
    let tag = event.tag;
    let Some(locked) = locked::<E>(event, version) else { return Ok(None) };
    let (now, locked) = (unfolded(shape), unfolded(locked.shape));
    let verdict = compatibility(&now, &locked);
    if verdict != Verdict::Breaking {
        return Ok(Some(verdict));
    }
    let losses = losses(&now, &locked, Part::All);
    let advice = if version == event.version.get() {
        let next = u32::from(version) + 1;
        format!(
            "keep the locked shape as a type of its own, make this version {next}, and convert with `upcast({version} = ..)`"
        )
    } else {
        "make the change in another type, and write the type of this version as it is locked".to_owned()
    };
    Err(format!(
        "`{tag}` version {version} is not what is locked, so what is stored may not be readable, and the lock cannot be written:{}\n\nThe compiler does not see this, because it is behind a `#[schema(recursive)]`. Undo it, or, if it is meant, {advice}.",
        losses.text()
    ))
}

fn key(event: &EventType, version: u16) -> Key {
    (render::name(event.tag), version)
}

/// What is new and what has changed, a line each.
fn changes(section: &Section, wanted: &Section) -> Option<String> {
    let mut lines = Vec::new();
    for (key, block) in wanted {
        let (tag, version) = key;
        match section.get(key) {
            None => lines.push(format!("  {tag} version {version} is new")),
            Some(locked) if locked != block => {
                lines.push(format!("  {tag} version {version} has changed, and what is stored stays readable"));
                lines.extend(difference(locked, block));
            }
            Some(_) => {}
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The lines that only one of the blocks has, in their order.
fn difference(locked: &str, now: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (locked.lines().collect(), now.lines().collect());
    // How many lines are kept at most of what begins at each pair of lines.
    let mut kept = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            kept[i][j] = if old[i] == new[j] { kept[i + 1][j + 1] + 1 } else { kept[i + 1][j].max(kept[i][j + 1]) };
        }
    }
    let shown = |sign: char, line: &str| format!("    {sign} {}", line.strip_prefix("    ").unwrap_or(line));
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && kept[i + 1][j] >= kept[i][j + 1]) {
            lines.push(shown('-', old[i]));
            i += 1;
        } else {
            lines.push(shown('+', new[j]));
            j += 1;
        }
    }
    lines
}

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
fn sole<E: Compiled>() -> Result<(), String> {
    static CLAIMS: Mutex<BTreeMap<&str, &str>> = Mutex::new(BTreeMap::new());
    let (section, own) = (E::LOCK.section, any::type_name::<E>());
    let mut claims = CLAIMS.lock().unwrap_or_else(PoisonError::into_inner);
    let first = *claims.entry(section).or_insert(own);
    if first == own {
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
    if unclaimed.is_empty() {
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
