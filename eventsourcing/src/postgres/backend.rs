//! What the port asks of an adapter, and who does it here.

use std::{error::Error, time::Duration};

use sqlx::{Connection, PgConnection};
use tokio::time::timeout;

use super::{
    adapter::Postgres,
    announce, append, blockers, checkpoint, error, event_types,
    link::PATIENCE,
    lists, read,
    rows::PgPayload,
    snapshot,
    tail::{self, PgTail},
    transaction::{self, PgStoreTransaction},
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

impl Transactions for Postgres {
    type Connection = PgConnection;
    type Transaction = PgStoreTransaction;

    fn answer_timeout(&self) -> Duration {
        self.options.answer_timeout
    }

    async fn begin(&self) -> Result<PgStoreTransaction, StoreError> {
        transaction::begin(self).await
    }

    fn connection(transaction: &mut PgStoreTransaction) -> &mut PgConnection {
        transaction
    }

    async fn commit(transaction: PgStoreTransaction) -> Result<(), StoreError> {
        transaction.commit().await
    }

    async fn rollback(transaction: PgStoreTransaction) -> Result<(), StoreError> {
        transaction.rollback().await
    }

    async fn is_alive(connection: &mut PgConnection) -> bool {
        timeout(PATIENCE, connection.ping()).await.is_ok_and(|answer| answer.is_ok())
    }

    fn is_transient(error: &(dyn Error + 'static)) -> bool {
        error::is_transient(error)
    }
}

impl Appends for Postgres {
    fn limits(&self) -> Limits {
        self.options.limits
    }

    async fn append<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        appends: &'a [Append],
    ) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
        // Boxed, so that the futures of callers stay small.
        Box::pin(append::append(self, via, appends)).await
    }

    async fn append_all<'a>(&'a self, appends: &'a [Append]) -> Result<Vec<Appended>, AppendError> {
        Box::pin(append::append_all(self, appends)).await
    }
}

impl Reads for Postgres {
    type Payload = PgPayload;

    async fn read_stream<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        query: StreamQuery,
    ) -> Result<Page<PgPayload>, StoreError> {
        read::stream(self, via, query).await
    }

    async fn read_log(&self, query: LogQuery) -> Result<Page<PgPayload>, StoreError> {
        read::log(self, query).await
    }

    fn load<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        stream_id: &'a StreamId,
        snapshot: Option<SnapshotKey>,
    ) -> Rows<'a, Loaded<PgPayload>> {
        snapshot::load(self, via, stream_id, snapshot)
    }

    async fn save_snapshot<'a>(&'a self, via: Via<'a, PgConnection>, snapshot: &'a Snapshot) -> Result<(), StoreError> {
        snapshot::save(self, via, snapshot).await
    }
}

impl Tails for Postgres {
    type Tail = PgTail;

    async fn tail(&self) -> Result<PgTail, StoreError> {
        tail::open(self).await
    }

    fn announce(&self) {
        if self.options.listen {
            announce::announce(self);
        }
    }
}

impl Checkpoints for Postgres {
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
        via: Via<'a, PgConnection>,
        name: &'a str,
        seen: Checkpoint,
        progress: Progress,
    ) -> Result<bool, StoreError> {
        checkpoint::advance(self, via, name, seen, progress).await
    }

    async fn reset<'a>(
        &'a self,
        via: Via<'a, PgConnection>,
        name: &'a str,
        kind: &'a str,
        declared: &'a [DeclaredTag],
    ) -> Result<(), StoreError> {
        checkpoint::reset(self, via, name, kind, declared).await
    }
}

impl Administration for Postgres {
    async fn stored_types(&self) -> Result<Vec<StoredType>, StoreError> {
        event_types::list(self).await
    }

    async fn blockers(&self) -> Result<Vec<Blocker>, StoreError> {
        blockers::read(self).await
    }
}

impl Lists for Postgres {
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
