//! Writes a section of the lock.

use std::{
    env,
    fs::{self, File as OpenFile},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
    time::SystemTime,
};

use super::{
    Compiled, Lock,
    claims::{alone, claimed},
    place::{compiled, manifest_dir, path, read},
    section::wanted,
};

/// Brings the section of `E` up to date. Other sections stay as they are; what is locked is neither changed nor removed,
/// but for additions to what is written today.
pub(super) fn section<E: Compiled>() -> Result<(), String> {
    let lock = E::LOCK;
    let path = path(&lock);
    // One test at a time, of all processes: held until the end of this function.
    let manifest = manifest_dir(&lock).join("Cargo.toml");
    let guard = OpenFile::open(&manifest).map_err(|error| cannot(&manifest, &error))?;
    guard.lock().map_err(|error| cannot(&manifest, &error))?;
    let mut file = read(&path)?;
    let section = file.sections.get(&lock.name()).cloned();
    if section.as_ref() != compiled(&lock)?.sections.get(&lock.name()) {
        touch(&lock).map_err(|error| cannot(Path::new(lock.source), &error))?;
        return Err(format!(
            "`{}` has changed since this was compiled, so there is nothing to compare with; run the command again: {}",
            path.display(),
            lock.command()
        ));
    }
    alone::<E>(&file)?;
    let section = section.unwrap_or_default();
    let wanted = wanted::<E>(&section)?;
    kept::<E>()?;
    if wanted != section {
        file.sections.insert(lock.name(), wanted);
        replace(&path, &file.render()).map_err(|error| cannot(&path, &error))?;
    }
    if lock.compiled.is_none() && path.exists() {
        touch(&lock).map_err(|error| cannot(Path::new(lock.source), &error))?;
    }
    claimed(&lock, &file)
}

/// Every locked event is still read, or said to be retired. The compiler has seen to it, unless the lock was no valid
/// one when it looked.
fn kept<E: Compiled>() -> Result<(), String> {
    let readable = |tag: &str, version: u16| {
        let own = E::TYPES.own.iter().any(|event| event.tag == tag && version <= event.version.get());
        own || E::TYPES
            .retired
            .iter()
            .any(|retired| retired.tag == tag && (retired.first.get()..=retired.last.get()).contains(&version))
    };
    match E::LOCK.events.iter().find(|locked| !readable(locked.tag, locked.version)) {
        Some(locked) => Err(format!(
            "`{}` version {} is locked, and `{}` does not read it; nothing is removed from a lock",
            locked.tag,
            locked.version,
            E::LOCK.type_name
        )),
        None => Ok(()),
    }
}

/// Puts a new file in the place of the old one, so that no one ever reads half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", process::id()));
    let new = path.with_file_name(name);
    let mut file = OpenFile::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)
}

/// Makes the source of the type look changed: cargo does not notice that a file has appeared.
fn touch(lock: &Lock) -> io::Result<()> {
    let source = find(lock).ok_or(io::ErrorKind::NotFound)?;
    OpenFile::options().append(true).open(source)?.set_modified(SystemTime::now())
}

/// The source file, which the compiler names from the folder it ran in: that of the workspace.
fn find(lock: &Lock) -> Option<PathBuf> {
    let folder = manifest_dir(lock);
    let from_here = env::current_dir().ok();
    let found = folder.ancestors().chain(from_here.as_deref()).map(|folder| folder.join(lock.source));
    found.into_iter().find(|source| source.is_file())
}

fn cannot(path: &Path, error: &io::Error) -> String {
    format!("`{}` cannot be written: {error}", path.display())
}
