//! The file of a store: whether it is still the one that was opened, and the directory of one that nobody is to keep.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use uuid::Uuid;

use crate::port::StoreError;

/// A file that the store has opened by its path.
#[derive(Debug)]
pub(super) struct StoreFile {
    path: PathBuf,
    opened: Mutex<Opened>,
    /// Whether connections to a file that was replaced can be closed, so that the store can go on with the new one.
    can_follow: bool,
}

#[derive(Debug, Clone, Copy)]
struct Opened {
    identity: Option<Identity>,
    since: Instant,
    generation: u64,
}

impl StoreFile {
    pub(super) fn new(path: PathBuf, can_follow: bool) -> Self {
        let opened = Opened { identity: Identity::of(&path).ok(), since: Instant::now(), generation: 0 };
        Self { path, opened: Mutex::new(opened), can_follow }
    }

    pub(super) fn path(&self) -> String {
        self.path.display().to_string()
    }

    /// Refuses a file that is not the one that was opened. A connection to that would go on working, on what nobody can
    /// find any more.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let mut opened = self.opened();
        let now = match Identity::of(&self.path) {
            Ok(now) => Some(now),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            // The database says better what is wrong.
            Err(_) => return Ok(()),
        };
        match (opened.identity, now) {
            (Some(opened), Some(now)) if opened == now => Ok(()),
            // A pool of the caller's may be there before its file is.
            (None, None) if !self.can_follow => Ok(()),
            (None, Some(_)) => {
                opened.identity = now;
                Ok(())
            }
            _ => {
                if self.can_follow {
                    *opened = Opened { identity: now, since: Instant::now(), generation: opened.generation + 1 };
                }
                Err(self.replaced())
            }
        }
    }

    fn replaced(&self) -> StoreError {
        StoreError::FileReplaced { path: self.path() }
    }

    /// Grows whenever another file has taken the place.
    pub(super) fn generation(&self) -> u64 {
        self.opened().generation
    }

    /// Whether a connection of this age leads to the file that is in the place now.
    pub(super) fn is_current(&self, age: Duration) -> bool {
        let opened = self.opened();
        opened.generation == 0 || age <= opened.since.elapsed()
    }

    fn opened(&self) -> MutexGuard<'_, Opened> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What tells a file from another one in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    file: u64,
}

impl Identity {
    #[cfg(unix)]
    fn of(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;

        let metadata = fs::metadata(path)?;
        Ok(Self { device: metadata.dev(), file: metadata.ino() })
    }

    /// Where an open file cannot be deleted or replaced, it is enough that there is one.
    #[cfg(not(unix))]
    fn of(path: &Path) -> io::Result<Self> {
        fs::metadata(path).map(|_| Self { device: 0, file: 0 })
    }
}

/// A directory that goes with the last handle on its store.
#[derive(Debug)]
pub(super) struct TemporaryDirectory(PathBuf);

impl TemporaryDirectory {
    /// In memory, where the system has a file system for that.
    pub(super) fn new() -> io::Result<Self> {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let directory = parent.join(format!("eventsourcing-{}", Uuid::now_v7().simple()));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&directory)?;
        Ok(Self(directory))
    }

    pub(super) fn file(&self) -> PathBuf {
        self.0.join("events.sqlite")
    }
}

impl Drop for TemporaryDirectory {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::debug!(%error, directory = %self.0.display(), "the files of a store in memory were not removed");
        }
    }
}
