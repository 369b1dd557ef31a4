//! Aggregates inside a transaction.

use std::{fmt, marker::PhantomData};

use super::{
    aggregate::{Aggregate, Decide},
    error::{ExecuteError, LoadError},
    fold::load,
    root::{AggregateRoot, Executed},
    save::save,
};
use crate::{
    handles::{
        store::Store,
        transaction::{InTransaction, StoreTransaction},
    },
    port::{AppendError, Appended, Backend, Via},
    vocabulary::Metadata,
};

impl<B: Backend> InTransaction<'_, B> {
    /// The aggregates of type `A`.
    pub fn repository<A: Aggregate>(&mut self) -> RepositoryIn<'_, A, B> {
        let (store, connection) = self.parts();
        RepositoryIn { store, connection, metadata: Metadata::new(), aggregate: PhantomData }
    }
}

impl<B: Backend> StoreTransaction<B> {
    /// The aggregates of type `A`.
    pub fn repository<A: Aggregate>(&mut self) -> RepositoryIn<'_, A, B> {
        let (store, connection) = self.parts();
        RepositoryIn { store, connection, metadata: Metadata::new(), aggregate: PhantomData }
    }
}

/// Aggregates inside a transaction.
pub struct RepositoryIn<'t, A, B: Backend> {
    store: &'t Store<B>,
    connection: &'t mut B::Connection,
    metadata: Metadata,
    aggregate: PhantomData<fn() -> A>,
}

impl<A: Aggregate, B: Backend> RepositoryIn<'_, A, B> {
    /// What to say about every event that is saved through this handle.
    pub fn with(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// The aggregate, in its default state when its stream has no events.
    pub async fn load(&mut self, id: &A::Id) -> Result<AggregateRoot<A>, LoadError> {
        load(self.store, Via::Caller(self.connection), id).await
    }

    /// The aggregate, if its stream has events.
    pub async fn find(&mut self, id: &A::Id) -> Result<Option<AggregateRoot<A>>, LoadError> {
        Ok(Some(self.load(id).await?).filter(|root| root.version().is_some()))
    }

    /// Appends what the root has recorded; see [`Repository::save`](crate::aggregates::Repository::save). After a rollback, load the
    /// root again.
    pub async fn save(&mut self, root: &mut AggregateRoot<A>) -> Result<Appended, AppendError> {
        save(self.store, Via::Caller(self.connection), root, &self.metadata).await
    }

    /// Loads, decides, appends: once, because a conflict is for the caller's transaction to resolve.
    pub async fn execute<C>(&mut self, id: &A::Id, command: C) -> Result<Executed<A>, ExecuteError<A::Error>>
    where
        A: Decide<C>,
    {
        let mut root = self.load(id).await?;
        root.decide(&command).map_err(ExecuteError::Decide)?;
        let appended = self.save(&mut root).await?;
        Ok(Executed { root, appended })
    }
}

impl<A, B: Backend> fmt::Debug for RepositoryIn<'_, A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RepositoryIn").finish_non_exhaustive()
    }
}
