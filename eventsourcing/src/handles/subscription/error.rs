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
    /// An event is not readable as the wanted event type, or the store failed.
    #[error(transparent)]
    Read(#[from] ReadError),
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
}

impl From<StoreError> for SubscriptionError {
    fn from(error: StoreError) -> Self {
        Self::Read(error.into())
    }
}
