//! Floor 3b: appends to several streams that belong together. Knows no adapter.

use std::{any::TypeId, collections::HashSet};

use crate::{
    handle::encode,
    metadata::Metadata,
    position::ExpectedVersion,
    record::NewEvent,
    schema::{Event, EventTypes},
    store::{Append, AppendError, InvalidAppend},
    stream_id::StreamId,
};

/// Appends to several streams, for [`Store::append_batch`](crate::handles::Store::append_batch): one statement, all or nothing.
///
/// The streams may have different event types.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    appends: Vec<Append>,
    streams: HashSet<StreamId>,
    metadata: Metadata,
    /// The event types of the appends, for the store to know.
    types: Vec<(TypeId, EventTypes)>,
}

impl Batch {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What to say about every event that is added from now on.
    pub fn with(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Adds an append to a stream that is not in the batch yet.
    pub fn add<E: Event>(
        &mut self,
        stream_id: StreamId,
        expected: ExpectedVersion,
        events: impl IntoIterator<Item: Into<NewEvent<E>>>,
    ) -> Result<(), AppendError> {
        let events = encode(events, &self.metadata)?;
        if !self.streams.insert(stream_id.clone()) {
            return Err(InvalidAppend::DuplicateStream { stream_id }.into());
        }
        let id = TypeId::of::<E>();
        if self.types.iter().all(|(known, _)| *known != id) {
            self.types.push((id, E::TYPES));
        }
        self.appends.push(Append { stream_id, expected, events });
        Ok(())
    }

    /// How many streams are in the batch.
    pub fn len(&self) -> usize {
        self.appends.len()
    }

    /// Whether nothing is in the batch.
    pub fn is_empty(&self) -> bool {
        self.appends.is_empty()
    }

    pub(crate) fn types(&self) -> impl Iterator<Item = (TypeId, &EventTypes)> {
        self.types.iter().map(|(id, types)| (*id, types))
    }

    pub(crate) fn into_appends(self) -> Vec<Append> {
        self.appends
    }
}
