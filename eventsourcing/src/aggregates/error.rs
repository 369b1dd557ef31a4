//! Why an aggregate is not loaded, and why a command is not executed.

use crate::{engine::decode::ReadError, port::AppendError, vocabulary::InvalidStreamId};

/// Why an aggregate could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The id makes no stream id.
    #[error(transparent)]
    Id(#[from] InvalidStreamId),
    /// An event of the stream is not readable, or the store failed.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Why a command was not executed. `D` is the aggregate's own reason.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExecuteError<D> {
    /// The aggregate refused the command.
    #[error("{0}")]
    Decide(D),
    /// The aggregate could not be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// Its events could not be appended; a conflict is one that outlasted the retries.
    #[error(transparent)]
    Append(#[from] AppendError),
}

impl<D> ExecuteError<D> {
    /// Whether trying again may help: a conflict, or an error of the store that passes. `Unavailable` from the append
    /// says that its events may be stored nevertheless.
    pub fn is_retriable(&self) -> bool {
        match self {
            Self::Load(LoadError::Read(ReadError::Store(error))) | Self::Append(AppendError::Store(error)) => {
                error.is_retriable()
            }
            Self::Append(error) => matches!(error, AppendError::Conflict(_)),
            Self::Decide(_) | Self::Load(_) => false,
        }
    }
}
