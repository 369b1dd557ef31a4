//! Comparing the store with git: every file's aggregate, loaded from the store, with what git says of its path.
//!
//! Git is asked in other ways than by the import: `git ls-tree` for the files, and `git log` without renames for
//! the number of changes of each path, which is what the version of its stream has to be.

use std::{collections::HashMap, fmt};

use eventsourcing::{InvalidStreamId, LoadError, PgStore, ReadError, StreamId};
use futures_util::{StreamExt, TryStreamExt, stream};
use indicatif::ProgressBar;

use crate::{
    domain::{Entry, File, PathKey, RepoPath, RepositoryEvent},
    git::{Chain, Git, GitError, LOG},
};

/// How many aggregates are loaded at the same time.
const AT_ONCE: usize = 16;
/// How many differences an error tells.
const TOLD: usize = 10;

/// What was found equal.
#[derive(Debug, Default)]
pub(crate) struct Verified {
    pub(crate) files: u64,
    pub(crate) streams: u64,
    pub(crate) events: u64,
}

/// What git says of a path.
#[derive(Debug)]
struct Expected {
    path: RepoPath,
    changes: i64,
    entry: Option<Entry>,
}

/// Compares the files and the number of events of all `paths` of the store, and finds those that it lacks.
pub(crate) async fn verify(
    store: &PgStore,
    git: &Git,
    chain: &Chain,
    paths: Vec<String>,
    progress: &ProgressBar,
) -> Result<Verified, VerifyError> {
    let mut differences = Vec::new();
    let mut verified = Verified::default();
    check_commits(store, chain, &mut differences).await?;
    let mut expected = expected(git, chain).await?;
    progress.set_length(u64::try_from(paths.len()).unwrap_or_default());

    let files = store.repository::<File>();
    let mut loaded = stream::iter(paths.into_iter().map(PathKey::from))
        .map(|key| async { Ok::<_, LoadError>((files.load(&key).await?, key)) })
        .buffer_unordered(AT_ONCE);
    while let Some((file, key)) = loaded.try_next().await? {
        let events = file.version().map_or(0, eventsourcing::StreamVersion::get);
        let Some(expected) = expected.remove(&key) else {
            differences.push(Difference::Unknown { path: key.to_string(), events });
            continue;
        };
        if file.path != expected.path {
            differences.push(Difference::Path { path: expected.path, stored: file.path.clone() });
        } else if file.entry != expected.entry {
            differences.push(Difference::File { path: expected.path, stored: file.entry.clone(), git: expected.entry });
        } else if events != expected.changes {
            differences.push(Difference::Events { path: expected.path, stored: events, git: expected.changes });
        } else {
            verified.streams += 1;
            verified.events += u64::try_from(events).unwrap_or_default();
            verified.files += u64::from(file.entry.is_some());
        }
        progress.inc(1);
    }
    let missing = expected.into_values();
    differences.extend(missing.map(|Expected { path, changes, .. }| Difference::Missing { path, changes }));
    if differences.is_empty() { Ok(verified) } else { Err(VerifyError::Different(Differences(differences))) }
}

/// The repository's stream has an event for each commit.
async fn check_commits(store: &PgStore, chain: &Chain, differences: &mut Vec<Difference>) -> Result<(), VerifyError> {
    let repository: StreamId = chain.root.repository()?;
    let last = store.stream::<RepositoryEvent>(repository).read().backwards().limit(1).next().await.transpose()?;
    let stored = last.map_or(0, |last| last.version.get());
    if i64::try_from(chain.length) != Ok(stored) {
        differences.push(Difference::Commits { stored, git: chain.length });
    }
    Ok(())
}

async fn expected(git: &Git, chain: &Chain) -> Result<HashMap<PathKey, Expected>, VerifyError> {
    let mut expected: HashMap<PathKey, Expected> = HashMap::new();
    // Without renames and without a format, records and paths alternate.
    let mut arguments = LOG.to_vec();
    arguments.extend(["--no-renames", "--format=", chain.head.as_str(), "--"]);
    let mut records = git.records(&arguments, 0)?;
    while let Some(record) = records.next().await? {
        if record.trim_ascii().is_empty() {
            continue;
        }
        let path = records.next().await?.ok_or_else(|| GitError::unexpected("log", &record))?;
        let path = RepoPath::from_bytes(&path);
        expected.entry(path.key()).or_insert(Expected { path, changes: 0, entry: None }).changes += 1;
    }
    let mut tree = git.tree(&chain.head)?;
    while let Some((path, entry)) = tree.next().await? {
        expected.entry(path.key()).or_insert(Expected { path, changes: 0, entry: None }).entry = Some(entry);
    }
    Ok(expected)
}

/// What the store and git do not agree on.
#[derive(Debug)]
enum Difference {
    Commits { stored: i64, git: u64 },
    Path { path: RepoPath, stored: RepoPath },
    File { path: RepoPath, stored: Option<Entry>, git: Option<Entry> },
    Events { path: RepoPath, stored: i64, git: i64 },
    Unknown { path: String, events: i64 },
    Missing { path: RepoPath, changes: i64 },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = |entry: &Option<Entry>| entry.as_ref().map_or_else(|| "no file".to_owned(), Entry::to_string);
        match self {
            Self::Commits { stored, git } => write!(f, "the store has {stored} commits, git has {git}"),
            Self::Path { path, stored } => write!(f, "{path}: the store has `{stored}` in its place"),
            Self::File { path, stored, git } => {
                write!(f, "{path}: the store has {}, git has {}", entry(stored), entry(git))
            }
            Self::Events { path, stored, git } => {
                write!(f, "{path}: the store has {stored} events, git has {git} changes")
            }
            Self::Unknown { path, events } => write!(f, "{path}: the store has {events} events, git never had it"),
            Self::Missing { path, changes } => {
                write!(f, "{path}: the store does not have it, git has {changes} changes")
            }
        }
    }
}

/// Everything that the store and git do not agree on.
#[derive(Debug)]
pub(crate) struct Differences(Vec<Difference>);

impl fmt::Display for Differences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in self.0.iter().take(TOLD) {
            write!(f, "\n  {difference}")?;
        }
        match self.0.len().saturating_sub(TOLD) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

/// Why the store is not verified.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerifyError {
    #[error("the store is not what git has:{0}")]
    Different(Differences),
    #[error(transparent)]
    Git(#[from] GitError),
    #[error(transparent)]
    Id(#[from] InvalidStreamId),
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Read(#[from] ReadError),
}
