//! Importing what a store does not have yet: a batch for each commit, many commits in a transaction.
//!
//! All events of a commit are in the log before those of the next. The version of the repository's stream is the number
//! of commits, and its last event names the last of them: there the next import goes on.

use std::collections::HashMap;

use eventsourcing::{
    AppendBatch, AppendError, ExpectedVersion, InvalidStreamId, Metadata, PgStore, ReadError, StoreError,
    StoreTransaction, StreamId, StreamVersion,
};
use indicatif::ProgressBar;

use crate::{
    domain::{HistoryEvent, ObjectId, PathEvent, RepositoryEvent},
    git::{Chain, Git, GitError},
    log::Commit,
};

/// How many events a transaction holds before it is committed, about: subscribers wait for its end.
const TRANSACTION: u64 = 2_000;
/// How many streams a batch holds at most.
const BATCH: usize = 1_000;

/// What an import has done.
#[derive(Debug, Default)]
pub(crate) struct Imported {
    pub(crate) commits: u64,
    pub(crate) events: u64,
}

/// Imports the commits that the store does not have.
///
/// Another import at the same time is a conflict, and then the store holds what that one has imported.
pub(crate) async fn import(
    store: &PgStore,
    git: &Git,
    chain: &Chain,
    progress: &ProgressBar,
) -> Result<Imported, ImportError> {
    let repository = chain.root.repository()?;
    let (version, last) = last_imported(store, &repository).await?.unzip();
    let place = match &last {
        None => Some(0),
        Some(last) => git.place(chain, last).await?,
    };
    let Some(place) = place.filter(|place| i64::try_from(*place) == Ok(version.map_or(0, StreamVersion::get))) else {
        return Err(ImportError::Rewritten { last: last.map_or_else(String::new, |last| last.to_string()) });
    };
    progress.set_length(chain.length - place);

    let mut import = Import { store, repository, versions: Versions::new(version), transaction: None };
    let mut imported = Imported::default();
    let mut uncommitted = 0;
    let mut commits = git.commits(&chain.head, last.as_ref())?;
    while let Some(commit) = commits.next().await? {
        let events = import.commit(commit).await?;
        imported.commits += 1;
        imported.events += events;
        uncommitted += events;
        if uncommitted >= TRANSACTION {
            import.finish().await?;
            uncommitted = 0;
        }
        progress.inc(1);
    }
    import.finish().await?;
    Ok(imported)
}

async fn last_imported(
    store: &PgStore,
    repository: &StreamId,
) -> Result<Option<(StreamVersion, ObjectId)>, ImportError> {
    let last = store.stream::<RepositoryEvent>(repository.clone()).read().backwards().limit(1).next().await;
    Ok(last.transpose()?.map(|last| {
        let RepositoryEvent::CommitImported { commit, .. } = last.event;
        (last.version, commit)
    }))
}

struct Import<'s> {
    store: &'s PgStore,
    repository: StreamId,
    versions: Versions,
    transaction: Option<StoreTransaction>,
}

impl Import<'_> {
    /// Appends the events of a commit, and says how many they were.
    async fn commit(&mut self, commit: Commit) -> Result<u64, ImportError> {
        let metadata = Metadata::new()
            .correlation_id(commit.id.as_str())
            .with("author", commit.author)
            .with("author_time", commit.author_time);
        let changes = u32::try_from(commit.changes.len()).map_err(|_| ImportError::TooManyChanges)?;
        let mut batch = AppendBatch::new().with(metadata.clone());
        let mut streams = Vec::new();
        for (path, event) in commit.changes {
            if batch.len() == BATCH {
                self.append(std::mem::replace(&mut batch, AppendBatch::new().with(metadata.clone())), &mut streams)
                    .await?;
            }
            let stream = path.key().stream_id()?;
            let expected = self.versions.expected(self.store, &stream).await?;
            batch.add::<PathEvent>(stream.clone(), expected, [event])?;
            streams.push(stream);
        }
        let imported = RepositoryEvent::CommitImported { commit: commit.id, changes };
        let expected = self.versions.expected(self.store, &self.repository).await?;
        batch.add::<RepositoryEvent>(self.repository.clone(), expected, [imported])?;
        streams.push(self.repository.clone());
        self.append(batch, &mut streams).await?;
        Ok(u64::from(changes) + 1)
    }

    async fn append(&mut self, batch: AppendBatch, streams: &mut Vec<StreamId>) -> Result<(), ImportError> {
        let transaction = match &mut self.transaction {
            Some(transaction) => transaction,
            none => none.insert(self.store.begin().await?),
        };
        let appended = transaction.append_batch(batch).await?;
        self.versions.known.extend(streams.drain(..).zip(appended.iter().filter_map(|appended| appended.version)));
        Ok(())
    }

    async fn finish(&mut self) -> Result<(), StoreError> {
        match self.transaction.take() {
            Some(transaction) => transaction.commit().await,
            None => Ok(()),
        }
    }
}

/// Where each stream stands: remembered, and read once where an earlier import may have written it.
struct Versions {
    known: HashMap<StreamId, StreamVersion>,
    is_first_import: bool,
}

impl Versions {
    fn new(repository: Option<StreamVersion>) -> Self {
        Self { known: HashMap::new(), is_first_import: repository.is_none() }
    }

    async fn expected(&self, store: &PgStore, stream: &StreamId) -> Result<ExpectedVersion, ReadError> {
        if let Some(&version) = self.known.get(stream) {
            return Ok(version.into());
        }
        if self.is_first_import {
            return Ok(ExpectedVersion::NoStream);
        }
        let last = store.stream::<HistoryEvent>(stream.clone()).read().backwards().limit(1).next().await;
        Ok(last.transpose()?.map(|last| last.version).into())
    }
}

/// Why an import has ended. What was committed until then stays, and the next import goes on from there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    #[error(
        "the store ends with commit {last}, which is not where it should be in the first-parent history of HEAD: history \
         was rewritten; drop the schema to import it anew, or check out a commit that comes after {last}"
    )]
    Rewritten { last: String },
    #[error("the store has changed during the import ({0}); is another import running? run this one again after it")]
    Conflict(AppendError),
    #[error("a commit changes more than four billion files")]
    TooManyChanges,
    #[error(transparent)]
    Append(AppendError),
    #[error(transparent)]
    Git(#[from] GitError),
    #[error(transparent)]
    Id(#[from] InvalidStreamId),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AppendError> for ImportError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Conflict(_) => Self::Conflict(error),
            _ => Self::Append(error),
        }
    }
}
