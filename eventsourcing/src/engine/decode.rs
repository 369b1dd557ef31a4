//! Stored events on their way out of a store.

use crate::{
    codec::DecodeError,
    port::{Malformed, StoreError, Stored},
    schema::Event,
    vocabulary::{GlobalPosition, Recorded, StreamId, StreamVersion, Tag},
};

/// The typed event of a stored one; `None` when it is retired.
pub(crate) fn decode<E: Event, P: AsRef<[u8]>>(stored: Stored<P>) -> Result<Option<Recorded<E>>, ReadError> {
    let stored = stored.into_event()?;
    match E::decode(&stored.encoded()) {
        Ok(event) => Ok(event.map(|event| stored.with_event(event))),
        Err(source) => Err(ReadError::Decode {
            stream_id: stored.stream_id,
            version: stored.version,
            position: stored.position,
            tag: stored.tag,
            source,
        }),
    }
}

/// Why stored events could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// An event is not readable as the wanted event type.
    #[error("event {version} of stream `{stream_id}`, at position {position}, is not readable")]
    Decode {
        /// The stream of the event.
        stream_id: StreamId,
        /// Its place in the stream.
        version: StreamVersion,
        /// Its place among all events.
        position: GlobalPosition,
        /// Its stored tag.
        tag: Tag,
        /// What is wrong with it, and where in its payload.
        source: DecodeError,
    },
    /// A row is not an event that any release would have written.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ReadError {
    /// Whether reading again may help: an error of the store that passes.
    pub fn is_retriable(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_retriable())
    }
}
