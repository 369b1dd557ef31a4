//! The events of a repository's history, and the file that the events of a path add up to. Knows neither git nor the
//! store.
//!
//! Each path is a stream (category `path`), which lives on when its file is deleted and another one is added. The
//! repository is a stream, too (category `repository`, its id is the root commit): an event for each commit, so that its
//! version is the number of commits, empty ones included.
//!
//! A rename touches two paths, so it is two events: `renamed_to` ends the file in the stream of the old path, and
//! `renamed_from` begins it in that of the new path. Each names the other path. Git sees a rename only where the new path
//! had no file before the commit: a file that replaces another is a deletion and a modification, and two files that are
//! swapped are two modifications. So a commit is at most one event in a stream, and the number of events
//! does not depend on which renames git finds.

use std::{fmt, fmt::Write as _, str::FromStr};

use eventsourcing::{Aggregate, Apply, Event, InvalidStreamId, Schema, StreamId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What happened to a path in a commit. The commit is the correlation id; its author is in the metadata.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "path")]
pub(crate) enum PathEvent {
    Added {
        path: RepoPath,
        entry: Entry,
    },
    /// Other content, or another mode of the same type.
    Modified {
        entry: Entry,
    },
    /// A file became a link or a submodule, or the like.
    TypeChanged {
        entry: Entry,
    },
    RenamedFrom {
        from: RepoPath,
        path: RepoPath,
        entry: Entry,
    },
    RenamedTo {
        to: RepoPath,
    },
    Deleted,
}

/// What happened to the repository.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "repository")]
pub(crate) enum RepositoryEvent {
    /// A commit is in the store, with its `changes` events of paths.
    CommitImported { commit: ObjectId, changes: u32 },
}

/// Everything that happened.
#[derive(Debug, Clone, PartialEq, Event)]
pub(crate) enum HistoryEvent {
    #[event(nested)]
    Path(PathEvent),
    #[event(nested)]
    Repository(RepositoryEvent),
}

/// The file at a path, as a commit has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Schema)]
pub(crate) struct Entry {
    pub(crate) mode: Mode,
    /// Of a submodule, the commit.
    pub(crate) blob: ObjectId,
}

/// What kind of file an entry is, in git's own numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Schema)]
pub(crate) enum Mode {
    #[serde(rename = "100644")]
    Regular,
    #[serde(rename = "100755")]
    Executable,
    #[serde(rename = "120000")]
    Link,
    #[serde(rename = "160000")]
    Submodule,
}

/// The hexadecimal id of a commit or a blob, SHA-1 or SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Schema)]
pub(crate) struct ObjectId(String);

/// A path in the repository, as text without loss: what is not UTF-8, control characters and `%` are
/// percent-encoded.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Schema)]
pub(crate) struct RepoPath(String);

/// What tells one path from another in a stream id: the path itself, or its beginning and its hash where it is too
/// long.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct PathKey(String);

/// The file at a path: what the events of its stream add up to.
#[derive(Debug, Default, Aggregate)]
#[aggregate(event = PathEvent, id = PathKey, category = "path")]
pub(crate) struct File {
    pub(crate) path: RepoPath,
    /// Nothing while there is no file.
    pub(crate) entry: Option<Entry>,
}

impl Apply<PathEvent> for File {
    fn apply(&mut self, event: &PathEvent) {
        match event {
            PathEvent::Added { path, entry } | PathEvent::RenamedFrom { path, entry, .. } => {
                self.path.clone_from(path);
                self.entry = Some(entry.clone());
            }
            PathEvent::Modified { entry } | PathEvent::TypeChanged { entry } => self.entry = Some(entry.clone()),
            PathEvent::RenamedTo { .. } | PathEvent::Deleted => self.entry = None,
        }
    }
}

impl RepoPath {
    pub(crate) fn from_bytes(path: &[u8]) -> Self {
        let mut text = String::with_capacity(path.len());
        for chunk in path.utf8_chunks() {
            for character in chunk.valid().chars() {
                if character == '%' || character.is_control() {
                    percent_encode(character.encode_utf8(&mut [0; 4]).as_bytes(), &mut text);
                } else {
                    text.push(character);
                }
            }
            percent_encode(chunk.invalid(), &mut text);
        }
        Self(text)
    }

    pub(crate) fn key(&self) -> PathKey {
        let room = StreamId::MAX_LEN - File::CATEGORY.as_str().len() - 1;
        if self.0.len() <= room {
            return PathKey(self.0.clone());
        }
        // No path has `%sha256:` in it, because a `%` is always encoded; so no short path has the key of a long one.
        let mut hash = "%sha256:".to_owned();
        for byte in Sha256::digest(&self.0) {
            let _ = write!(hash, "{byte:02x}");
        }
        let beginning = &self.0[..self.0.floor_char_boundary(room - hash.len())];
        PathKey(format!("{beginning}{hash}"))
    }
}

fn percent_encode(bytes: &[u8], text: &mut String) {
    for byte in bytes {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "%{byte:02X}");
    }
}

impl PathKey {
    pub(crate) fn stream_id(&self) -> Result<StreamId, InvalidStreamId> {
        StreamId::new(File::CATEGORY, self)
    }
}

impl ObjectId {
    /// The id that git writes, unless it is none.
    pub(crate) fn from_hex(hex: &[u8]) -> Option<Self> {
        let is_id = matches!(hex.len(), 40 | 64) && hex.iter().all(u8::is_ascii_hexdigit);
        is_id.then(|| Self(String::from_utf8_lossy(hex).into_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The stream of the repository that has this root commit.
    pub(crate) fn repository(&self) -> Result<StreamId, InvalidStreamId> {
        StreamId::new("repository", self)
    }
}

impl Mode {
    pub(crate) fn from_octal(mode: &[u8]) -> Option<Self> {
        [Self::Regular, Self::Executable, Self::Link, Self::Submodule]
            .into_iter()
            .find(|known| known.octal().as_bytes() == mode)
    }

    fn octal(self) -> &'static str {
        match self {
            Self::Regular => "100644",
            Self::Executable => "100755",
            Self::Link => "120000",
            Self::Submodule => "160000",
        }
    }
}

impl From<String> for PathKey {
    fn from(key: String) -> Self {
        Self(key)
    }
}

impl FromStr for PathKey {
    type Err = std::convert::Infallible;

    fn from_str(key: &str) -> Result<Self, Self::Err> {
        Ok(Self(key.to_owned()))
    }
}

impl fmt::Display for PathKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.mode.octal(), self.blob)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_text_without_loss() {
        for (bytes, text) in [
            (&b"src/main.rs"[..], "src/main.rs"),
            (b" a \"b\" 'c' ", " a \"b\" 'c' "),
            ("grün/日本".as_bytes(), "grün/日本"),
            (b"100%", "100%25"),
            (b"a\nb\x1b[0m", "a%0Ab%1B[0m"),
            (b"\xff\xfe/caf\xe9", "%FF%FE/caf%E9"),
            ("\u{85}".as_bytes(), "%C2%85"),
        ] {
            assert_eq!(RepoPath::from_bytes(bytes).to_string(), text);
        }
    }

    #[test]
    fn long_paths_have_keys_of_their_own_that_fit() {
        let path = |last: &str| RepoPath::from_bytes(format!("{}{last}", "ü".repeat(300)).as_bytes());
        let key = path("a").key();
        assert!(key.stream_id().is_ok());
        assert!(key.to_string().starts_with("üü"));
        assert_ne!(key, path("b").key());
        let longest = RepoPath::from_bytes("x".repeat(507).as_bytes());
        assert_eq!(longest.key().to_string(), longest.to_string());
        assert_eq!(longest.key().stream_id().map(|id| id.as_str().len()), Ok(512));
    }
}
