//! What ends a subscription.

use crate::{
    engine::decode::ReadError,
    port::StoreError,
    vocabulary::{StreamId, StreamVersion},
};

/// Why a subscription cannot go on, or not begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubscriptionError {
    /// An event is not readable as the wanted event type.
    #[error(transparent)]
    Read(ReadError),
    /// The subscription was to begin behind the end of its stream.
    #[error(
        "the subscription was to begin after version {version} of stream `{stream_id}`, which {}",
        actual.map_or_else(|| "has no events".to_owned(), |actual| format!("ends at version {actual}"))
    )]
    VersionAhead {
        /// The stream.
        stream_id: StreamId,
        /// After which version it was to begin.
        version: StreamVersion,
        /// The version of the stream.
        actual: Option<StreamVersion>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SubscriptionError {
    /// Whether asking again may help: a fault of the database that passes. Most of those are waited out, and never seen here.
    pub fn is_retriable(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_retriable())
    }
}

impl From<ReadError> for SubscriptionError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Store(error) => Self::Store(error),
            error => Self::Read(error),
        }
    }
}
