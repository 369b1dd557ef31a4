//! Where the lock is, and what of it was compiled.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use super::{Lock, file::File, render};

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
