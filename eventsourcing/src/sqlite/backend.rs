//! What the port asks of an adapter, and who does it here.

use std::{error::Error, time::Duration};

use sqlx::{Connection, SqliteConnection};

use super::{
    adapter::Sqlite,
    append, checkpoint, error, event_types, lists, read,
    rows::SqlitePayload,
    snapshot,
    tail::{self, SqliteTail},
    transaction::SqliteStoreTransaction,
};
use crate::{
    port::{
        Administration, Append, AppendError, Appended, Appends, Blocker, CategoryQuery, Checkpoint, CheckpointQuery,
        Checkpoints, Consumer, DeclaredTag, Limits, Listed, Lists, Loaded, LogQuery, NamedCheckpoint, Page, Progress,
        Reads, Rows, Snapshot, SnapshotKey, StoreError, StoredType, StreamQuery, StreamSummary, StreamsQuery, Tails,
        Transactions, Via,
    },
    vocabulary::{Category, StreamId},
};

impl Transactions for Sqlite {
    type Connection = SqliteConnection;
    type Transaction = SqliteStoreTransaction;

    fn answer_timeout(&self) -> Duration {
        self.0.options.answer_timeout
    }

    async fn begin(&self) -> Result<SqliteStoreTransaction, StoreError> {
        SqliteStoreTransaction::begin(&self.0.writer).await
    }

    fn connection(transaction: &mut SqliteStoreTransaction) -> &mut SqliteConnection {
        transaction
    }

    async fn commit(transaction: SqliteStoreTransaction) -> Result<(), StoreError> {
        transaction.commit().await
    }

    async fn rollback(transaction: SqliteStoreTransaction) -> Result<(), StoreError> {
        transaction.rollback().await
    }

    async fn is_alive(connection: &mut SqliteConnection) -> bool {
        connection.ping().await.is_ok()
    }

    fn is_transient(error: &(dyn Error + 'static)) -> bool {
        error::is_transient(error)
    }
}

impl Appends for Sqlite {
    fn limits(&self) -> Limits {
        self.0.options.limits
    }

    async fn append<'a>(
        &'a self,
        via: Via<'a, SqliteConnection>,
        appends: &'a [Append],
    ) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
        // Boxed, so that the futures of callers stay small.
        Box::pin(append::append(self, via, appends)).await
    }

    async fn append_all<'a>(&'a self, appends: &'a [Append]) -> Result<Vec<Appended>, AppendError> {
        Box::pin(append::append_all(self, appends)).await
    }
}

impl Reads for Sqlite {
    type Payload = SqlitePayload;

    async fn read_stream<'a>(
        &'a self,
        via: Via<'a, SqliteConnection>,
        query: StreamQuery,
    ) -> Result<Page<SqlitePayload>, StoreError> {
        read::stream(self, via, query).await
    }

    async fn read_log(&self, query: LogQuery) -> Result<Page<SqlitePayload>, StoreError> {
        read::log(self, query).await
    }

    fn load<'a>(
        &'a self,
        via: Via<'a, SqliteConnection>,
        stream_id: &'a StreamId,
        snapshot: Option<SnapshotKey>,
    ) -> Rows<'a, Loaded<SqlitePayload>> {
        snapshot::load(self, via, stream_id, snapshot)
    }

    async fn save_snapshot<'a>(
        &'a self,
        via: Via<'a, SqliteConnection>,
        snapshot: &'a Snapshot,
    ) -> Result<(), StoreError> {
        snapshot::save(self, via, snapshot).await
    }
}

impl Tails for Sqlite {
    type Tail = SqliteTail;

    async fn tail(&self) -> Result<SqliteTail, StoreError> {
        tail::open(self).await
    }

    /// Other processes see by themselves that the file has changed.
    fn announce(&self) {}
}

impl Checkpoints for Sqlite {
    async fn checkpoint(&self, name: &str) -> Result<Checkpoint, StoreError> {
        checkpoint::read(self, name).await
    }

    async fn consumer(&self, name: &str) -> Result<Consumer, StoreError> {
        checkpoint::consumer(self, name).await
    }

    async fn declare<'a>(
        &'a self,
        name: &'a str,
        seen: Checkpoint,
        kind: &'a str,
        declared: &'a [DeclaredTag],
    ) -> Result<Option<Checkpoint>, StoreError> {
        checkpoint::declare(self, name, seen, kind, declared).await
    }

    async fn advance<'a>(
        &'a self,
        via: Via<'a, SqliteConnection>,
        name: &'a str,
        seen: Checkpoint,
        progress: Progress,
    ) -> Result<bool, StoreError> {
        checkpoint::advance(self, via, name, seen, progress).await
    }

    async fn reset<'a>(
        &'a self,
        via: Via<'a, SqliteConnection>,
        name: &'a str,
        kind: &'a str,
        declared: &'a [DeclaredTag],
    ) -> Result<(), StoreError> {
        checkpoint::reset(self, via, name, kind, declared).await
    }
}

impl Administration for Sqlite {
    async fn stored_types(&self) -> Result<Vec<StoredType>, StoreError> {
        event_types::list(self).await
    }

    async fn blockers(&self) -> Result<Vec<Blocker>, StoreError> {
        // What is open hides nothing that is committed, so no reader waits for anybody.
        Ok(Vec::new())
    }
}

impl Lists for Sqlite {
    async fn categories(&self, query: CategoryQuery) -> Result<Listed<Category, CategoryQuery>, StoreError> {
        lists::categories(self, query).await
    }

    async fn streams(&self, query: StreamsQuery) -> Result<Listed<StreamSummary, StreamsQuery>, StoreError> {
        lists::streams(self, query).await
    }

    async fn checkpoints(
        &self,
        query: CheckpointQuery,
    ) -> Result<Listed<NamedCheckpoint, CheckpointQuery>, StoreError> {
        lists::checkpoints(self, query).await
    }
}
