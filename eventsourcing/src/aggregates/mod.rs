//! Floor 3b: aggregates: what they are, and how they are loaded, decided on and saved. Knows no adapter.
//!
//! [`Store`](crate::handles::Store) says on what the examples run.

pub(crate) mod aggregate;
mod error;
mod fold;
mod in_transaction;
mod repository;
mod retry;
mod root;
mod save;

pub use self::{
    aggregate::{Aggregate, Apply, Decide, Snapshots},
    error::{ExecuteError, LoadError},
    in_transaction::RepositoryIn,
    repository::Repository,
    retry::RetryPolicy,
    root::{AggregateRoot, Executed},
};
