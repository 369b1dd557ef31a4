//! Port: what an append is, and how it can be refused.

use std::{collections::HashSet, fmt};

use super::{
    error::StoreError,
    transactions::{Transactions, Via},
};
use crate::{
    codec::EncodeError,
    vocabulary::{Encoded, EventId, ExpectedVersion, GlobalPosition, Metadata, NewEvent, StreamId, StreamVersion},
};

/// Stores events.
pub trait Appends: Transactions {
    /// The limits that appends are held to.
    fn limits(&self) -> Limits;

    /// Appends to each stream what is meant for it, in one statement and, where nothing raced, one round trip.
    ///
    /// The results are in the order of `appends`; each append is atomic and has its own result, and those that
    /// succeed do so together. No stream may occur twice. An expected conflict is a result, never a database
    /// error: a caller's transaction stays usable.
    ///
    /// Groups never wait for each other in a circle, whatever the order in which they name their streams. Transactions
    /// that append more than once may: then one of them is given up, with [`Serialization`](StoreError::Serialization).
    ///
    /// An append at one exact version, or at none, may be sent again by itself when its answer was lost: its events are
    /// found where they would stand.
    ///
    /// A dropped future leaves each append either wholly done or not at all; on the caller's connection it is for
    /// the caller to roll back.
    fn append<'a>(
        &'a self,
        via: Via<'a, Self::Connection>,
        appends: &'a [Append],
    ) -> impl Future<Output = Result<Vec<Result<Appended, AppendError>>, StoreError>> + Send + 'a;

    /// Appends to each stream what is meant for it, all or nothing, in a transaction of its own.
    ///
    /// The error is that of the first append that was refused; nothing is stored then. In all else it is as
    /// [`append`](Self::append) is. A dropped future leaves either all of it or nothing.
    fn append_all<'a>(
        &'a self,
        appends: &'a [Append],
    ) -> impl Future<Output = Result<Vec<Appended>, AppendError>> + Send + 'a;
}

/// Events for one stream, and what is required of it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Append {
    /// The stream.
    pub stream_id: StreamId,
    /// What must be true of it.
    pub expected: ExpectedVersion,
    /// The events, in order. Without events, only the expectation is checked.
    pub events: Vec<NewEvent<Encoded<Vec<u8>>>>,
}

impl Append {
    /// Events for one stream.
    pub const fn new(stream_id: StreamId, expected: ExpectedVersion, events: Vec<NewEvent<Encoded<Vec<u8>>>>) -> Self {
        Self { stream_id, expected, events }
    }

    /// Whether the caller named the events, so that the append may be a repetition of an earlier one.
    pub fn is_repeatable(&self) -> bool {
        self.events.iter().any(|event| event.id.is_some())
    }

    /// The bytes of its payloads, metadata and tags, which the total limit counts.
    pub fn bytes(&self) -> usize {
        let bytes = |new: &NewEvent<Encoded<Vec<u8>>>| {
            let metadata = &new.metadata;
            let ids = [metadata.correlation(), metadata.causation()].into_iter().flatten().map(str::len);
            let entries = metadata.entries().map(|(key, value)| key.len() + value.len());
            new.event.tag.as_str().len() + new.event.payload.len() + ids.chain(entries).sum::<usize>()
        };
        self.events.iter().map(bytes).sum()
    }

    /// Refuses what is over a limit, before anything is sent.
    ///
    /// # Errors
    ///
    /// The first limit that the append is over, or the first event that no store accepts.
    pub fn check(&self, limits: Limits) -> Result<(), InvalidAppend> {
        if self.events.len() > limits.events {
            return Err(InvalidAppend::TooManyEvents { events: self.events.len(), limit: limits.events });
        }
        let mut ids = HashSet::new();
        for (index, new) in self.events.iter().enumerate() {
            check_event(index, new, limits)?;
            if new.id.is_some_and(|id| !ids.insert(id)) {
                return Err(InvalidAppend::DuplicateEventId { index });
            }
        }
        match self.bytes() {
            bytes if bytes > limits.bytes => Err(InvalidAppend::TooManyBytes { bytes, limit: limits.bytes }),
            _ => Ok(()),
        }
    }
}

fn check_event(index: usize, new: &NewEvent<Encoded<Vec<u8>>>, limits: Limits) -> Result<(), InvalidAppend> {
    let bytes = new.event.payload.len();
    if bytes > limits.payload {
        return Err(InvalidAppend::PayloadTooLarge { index, bytes, limit: limits.payload });
    }
    let metadata = &new.metadata;
    let ids = [metadata.correlation(), metadata.causation()];
    if ids.iter().flatten().any(|id| id.len() > Metadata::MAX_ID_LEN) {
        return Err(InvalidAppend::IdTooLong { index });
    }
    let entries = metadata.entries().flat_map(|(key, value)| [key, value]);
    let bytes: usize = entries.clone().map(str::len).sum();
    if bytes > limits.metadata {
        return Err(InvalidAppend::MetadataTooLarge { index, bytes, limit: limits.metadata });
    }
    if ids.into_iter().flatten().chain(entries).any(|text| text.contains('\0')) {
        return Err(InvalidAppend::NulInMetadata { index });
    }
    Ok(())
}

/// What is invalid about each append of a group: by itself, or because of those before it. What is refused counts for
/// nothing, so the others are as valid as they would be without it.
pub fn check_group(appends: &[Append], limits: Limits) -> Vec<Option<InvalidAppend>> {
    let mut streams = HashSet::new();
    let mut total = 0;
    let check = |append: &Append| {
        append.check(limits)?;
        if !streams.insert(append.stream_id.clone()) {
            return Err(InvalidAppend::DuplicateStream { stream_id: append.stream_id.clone() });
        }
        let bytes = total + append.bytes();
        if bytes > limits.bytes {
            return Err(InvalidAppend::TooManyBytes { bytes, limit: limits.bytes });
        }
        total = bytes;
        Ok(())
    };
    appends.iter().map(check).map(Result::err).collect()
}

/// How much an append may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one payload; 1 MiB unless configured.
    pub payload: usize,
    /// Bytes of one event's own metadata entries; 64 KiB unless configured.
    pub metadata: usize,
    /// Events of one append; 10,000 unless configured.
    pub events: usize,
    /// Bytes of one append or batch in all: payloads, metadata and tags; 64 MiB unless configured.
    ///
    /// An append is one statement, which the program, the driver and the server each hold in memory as a whole, several
    /// times over. Postgres refuses one of more than 1 GiB, by ending the connection.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { payload: 1 << 20, metadata: 64 << 10, events: 10_000, bytes: 64 << 20 }
    }
}

/// What an append came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Appended {
    /// The version of the last event that was appended; for an append of nothing, `None`.
    pub version: Option<StreamVersion>,
    /// The position of the last event that was appended; for an append of nothing, `None`.
    pub position: Option<GlobalPosition>,
}

impl Appended {
    /// An append of nothing: the expectation held.
    pub const NOTHING: Self = Self { version: None, position: None };

    /// An append whose last event stands here.
    pub const fn at(version: StreamVersion, position: GlobalPosition) -> Self {
        Self { version: Some(version), position: Some(position) }
    }
}

/// The stream was not as the append required.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VersionConflict {
    /// The stream.
    pub stream_id: StreamId,
    /// What the append required.
    pub expected: ExpectedVersion,
    /// The version the stream has; `None` when it has no events, or when the caller's transaction cannot see the
    /// events that it lost to (isolation level REPEATABLE READ).
    pub actual: Option<StreamVersion>,
}

impl VersionConflict {
    /// A stream that was at `actual`, and not as expected.
    pub const fn new(stream_id: StreamId, expected: ExpectedVersion, actual: Option<StreamVersion>) -> Self {
        Self { stream_id, expected, actual }
    }
}

impl fmt::Display for VersionConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stream `{}` was expected to be at {}", self.stream_id, self.expected)?;
        match self.actual {
            Some(version) => write!(f, " and is at version {version}"),
            None => f.write_str(" and has no events that this transaction can see"),
        }
    }
}

impl std::error::Error for VersionConflict {}

/// Why an append did not happen. Nothing of it has been stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// The stream was not as required: read it again and decide again.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// Some of the event ids are already in the stream, but not all of them in the same places.
    #[error(
        "event {event_id} is already in stream `{stream_id}`, and the append is no exact repetition of an earlier one"
    )]
    IdempotencyMismatch {
        /// The stream.
        stream_id: StreamId,
        /// The first id that is already there.
        event_id: EventId,
    },
    /// An event cannot be stored as JSON.
    #[error("the event at index {index} cannot be stored")]
    Encode {
        /// Which of the given events.
        index: usize,
        /// Why.
        source: EncodeError,
    },
    /// The append is over a limit.
    #[error(transparent)]
    Invalid(#[from] InvalidAppend),
    /// The store failed; whether the append happened is then unknown if the connection was lost.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl AppendError {
    /// Whether appending again may help, after the stream has been read again where it was a conflict.
    pub fn is_retriable(&self) -> bool {
        match self {
            Self::Conflict(_) => true,
            Self::Store(error) => error.is_retriable(),
            Self::IdempotencyMismatch { .. } | Self::Encode { .. } | Self::Invalid(_) => false,
        }
    }
}

/// What an append holds that no store accepts. Indexes count the given events from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say it")]
pub enum InvalidAppend {
    #[error(
        "{events} events in one append; at most {limit} are allowed, so append in parts (`events_limit` raises it)"
    )]
    TooManyEvents { events: usize, limit: usize },
    #[error("the payload at index {index} has {bytes} bytes; at most {limit} are allowed (`payload_limit` raises it)")]
    PayloadTooLarge { index: usize, bytes: usize, limit: usize },
    #[error(
        "the metadata at index {index} has {bytes} bytes; at most {limit} are allowed (`metadata_limit` raises it)"
    )]
    MetadataTooLarge { index: usize, bytes: usize, limit: usize },
    #[error(
        "the append, with those before it in its batch, has {bytes} bytes; at most {limit} are allowed, so append in \
         parts (`bytes_limit` raises it)"
    )]
    TooManyBytes { bytes: usize, limit: usize },
    #[error("the correlation or causation id at index {index} is longer than 512 bytes")]
    IdTooLong { index: usize },
    #[error("the metadata at index {index} contains NUL")]
    NulInMetadata { index: usize },
    #[error("the event id at index {index} occurs twice in the append")]
    DuplicateEventId { index: usize },
    #[error("the payload at index {index} is no JSON text")]
    NotJson { index: usize },
    #[error("stream `{stream_id}` occurs twice in one batch; append its events together")]
    DuplicateStream { stream_id: StreamId },
}
