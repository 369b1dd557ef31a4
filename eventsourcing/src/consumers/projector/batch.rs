//! One batch of a projection in one transaction, with the checkpoint.

use std::sync::Arc;

use tokio::time::timeout;

use super::Projector;
use crate::{
    consumers::{
        error::ProjectorError,
        projection::Projection,
        stop::{Stop, passing},
    },
    port::{Backend, Checkpoint, Progress, StoreError, Via},
    vocabulary::{Chain, Recorded},
};

impl<P: Projection<B>, B: Backend> Projector<P, B> {
    /// Begins a transaction and moves the checkpoint in it: first, because that keeps other instances away, and tells
    /// whether they were faster.
    pub(super) async fn advance(
        &self,
        progress: Progress,
        checkpoint: Checkpoint,
    ) -> Result<B::Transaction, Stop<P::Error>> {
        let backend = self.store.backend();
        let mut transaction = backend.begin().await.map_err(passing)?;
        let connection = B::connection(&mut transaction);
        let advance = backend.advance(Via::Caller(connection), P::NAME, checkpoint, progress);
        let Ok(advanced) = timeout(backend.answer_timeout(), advance).await else {
            return Err(Self::silent("the checkpoint was to move", transaction).await);
        };
        if advanced.map_err(passing)? {
            return Ok(transaction);
        }
        B::rollback(transaction).await.map_err(passing)?;
        Err(Stop::Superseded)
    }

    /// Folds the batch in the transaction that has moved the checkpoint, and commits.
    pub(super) async fn fold(
        &self,
        batch: &[Recorded<P::Event>],
        mut transaction: B::Transaction,
    ) -> Result<(), Stop<P::Error>> {
        let appended_before = self.store.appended_within();
        let applied = timeout(self.batch_timeout, self.apply(batch, B::connection(&mut transaction)));
        let Ok(applied) = applied.await else {
            return Err(Self::silent("`apply` was to fold a batch, within its `batch_timeout`", transaction).await);
        };
        if let Err(source) = applied {
            let is_alive = B::is_alive(B::connection(&mut transaction)).await;
            let rolled_back = B::rollback(transaction).await;
            if rolled_back.is_err() || !is_alive || B::is_transient(&source) {
                return Err(Stop::Lost(source.into()));
            }
            return Err(Stop::Failed(Self::failed(batch, source)));
        }
        let committed = timeout(self.store.backend().answer_timeout(), B::commit(transaction)).await;
        committed
            .unwrap_or_else(|elapsed| Err(StoreError::Unavailable { source: Arc::new(elapsed) }))
            .map_err(passing)?;
        self.store.projected().notify_waiters();
        if self.store.appended_within() != appended_before {
            self.store.wake();
        }
        Ok(())
    }

    /// Gives up a transaction in which nothing has answered for too long.
    async fn silent(when: &'static str, transaction: B::Transaction) -> Stop<P::Error> {
        if let Err(error) = B::rollback(transaction).await {
            tracing::debug!(
                error = %Chain(&error),
                "a transaction without an answer was not rolled back; its connection is closed"
            );
        }
        Stop::Lost(format!("no answer in time when {when}").into())
    }

    async fn apply(&self, batch: &[Recorded<P::Event>], connection: &mut B::Connection) -> Result<(), P::Error> {
        if batch.is_empty() { Ok(()) } else { self.projection.apply(batch, connection).await }
    }

    fn failed(batch: &[Recorded<P::Event>], source: P::Error) -> ProjectorError<P::Error> {
        let position = |event: Option<&Recorded<P::Event>>| event.map(|event| event.position);
        ProjectorError::Apply { projection: P::NAME, from: position(batch.first()), to: position(batch.last()), source }
    }
}
