//! Why an aggregate is not loaded, and why a command is not executed.

use crate::{
    engine::decode::ReadError,
    port::{AppendError, StoreError, VersionConflict},
    vocabulary::InvalidStreamId,
};

/// Why an aggregate could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The id makes no stream id.
    #[error(transparent)]
    Id(#[from] InvalidStreamId),
    /// An event of the stream is not readable as the aggregate's event type.
    #[error(transparent)]
    Read(ReadError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl LoadError {
    /// Whether loading again may help: an error of the store that passes.
    pub fn is_retriable(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_retriable())
    }
}

impl From<ReadError> for LoadError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Store(error) => Self::Store(error),
            error => Self::Read(error),
        }
    }
}

/// Why a command was not executed. `D` is the aggregate's own reason.
///
/// It is an error itself where `D` is one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExecuteError<D> {
    /// The aggregate refused the command.
    #[error("the command was refused")]
    Decide(#[source] D),
    /// Others have written to the stream each time that the command was tried.
    #[error(transparent)]
    Conflict(VersionConflict),
    /// The aggregate could not be loaded.
    #[error(transparent)]
    Load(LoadError),
    /// Its events could not be appended.
    #[error(transparent)]
    Append(AppendError),
    /// The store failed. `Unavailable` says that the events may be stored nevertheless.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<D> ExecuteError<D> {
    /// Whether executing again may help: a conflict, or an error of the store that passes. [`Store`](Self::Store) with
    /// `Unavailable` says that the events may be stored nevertheless.
    pub fn is_retriable(&self) -> bool {
        match self {
            Self::Conflict(_) => true,
            Self::Store(error) => error.is_retriable(),
            Self::Decide(_) | Self::Load(_) | Self::Append(_) => false,
        }
    }
}

impl<D> From<LoadError> for ExecuteError<D> {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Store(error) => Self::Store(error),
            error => Self::Load(error),
        }
    }
}

impl<D> From<AppendError> for ExecuteError<D> {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Conflict(conflict) => Self::Conflict(conflict),
            AppendError::Store(error) => Self::Store(error),
            error => Self::Append(error),
        }
    }
}
