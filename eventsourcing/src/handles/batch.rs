//! Appends to several streams that belong together.

use std::{any::TypeId, collections::HashSet};

use super::store::Store;
use crate::{
    engine::encode::encode,
    port::{Append, AppendError, Appended, Backend, InvalidAppend, StoreError},
    schema::{Event, EventTypes},
    vocabulary::{ExpectedVersion, Metadata, NewEvent, StreamId},
};

impl<B: Backend> Store<B> {
    /// Appends to several streams, all or nothing, and wakes subscribers.
    ///
    /// The results are in the order of the batch. A race that is lost under `Any` or `StreamExists` is run again, the
    /// whole batch from its beginning, so that batches never deadlock with each other. A dropped future leaves either
    /// all of it or nothing.
    ///
    /// # Errors
    ///
    /// That of the first append that was refused; nothing is stored then.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transfer = AppendBatch::new();
    /// transfer.add("account/ada".parse()?, ExpectedVersion::StreamExists, [AccountEvent::Withdrawn { cents: 30 }])?;
    /// transfer.add("account/grace".parse()?, ExpectedVersion::NoStream, [AccountEvent::Deposited { cents: 30 }])?;
    /// let appended = store.append_batch(transfer).await?;
    /// assert_eq!(appended.len(), 2);
    /// # Ok(()) }
    /// ```
    pub async fn append_batch(&self, batch: AppendBatch) -> Result<Vec<Appended>, AppendError> {
        batch.meet(self)?;
        let appended = self.backend().append_all(&batch.into_appends()).await?;
        if appended.iter().any(|appended| appended.position.is_some()) {
            self.wake();
        }
        Ok(appended)
    }
}

/// Appends to several streams, for [`Store::append_batch`](crate::handles::Store::append_batch): one statement, all or
/// nothing.
///
/// The streams may have different event types. A batch is only memory: nothing is checked against the database before
/// it is appended.
#[derive(Debug, Clone, Default)]
pub struct AppendBatch {
    appends: Vec<Append>,
    streams: HashSet<StreamId>,
    metadata: Metadata,
    /// The event types of the appends, for the store to know.
    types: Vec<(TypeId, EventTypes)>,
}

impl AppendBatch {
    /// A batch of nothing yet.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let batch = AppendBatch::new();
    /// assert_eq!(store.append_batch(batch).await?, []);
    /// # Ok(()) }
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The same batch, which says this about every event that is added from now on.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut transfer = AppendBatch::new().with(Metadata::new().correlation_id("transfer-4"));
    /// transfer.add("account/ada".parse()?, ExpectedVersion::StreamExists, [AccountEvent::Withdrawn { cents: 30 }])?;
    /// transfer.add("account/grace".parse()?, ExpectedVersion::NoStream, [AccountEvent::Deposited { cents: 30 }])?;
    /// store.append_batch(transfer).await?;
    /// # Ok(()) }
    /// ```
    pub fn with(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Adds an append to a stream that is not in the batch yet.
    ///
    /// # Errors
    ///
    /// [`Encode`](AppendError::Encode) when an event cannot be stored as JSON, [`Invalid`](AppendError::Invalid) when
    /// the stream is in the batch already. The batch is then as it was.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut batch = AppendBatch::new();
    /// let ada = StreamId::new("account", "ada")?;
    /// batch.add(ada.clone(), ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 30 }])?;
    /// let twice = batch.add(ada, ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 40 }]);
    /// assert!(matches!(twice, Err(AppendError::Invalid(_))));
    /// # Ok(()) }
    /// ```
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
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut batch = AppendBatch::new();
    /// batch.add("account/ada".parse()?, ExpectedVersion::Any, vec![AccountEvent::Withdrawn { cents: 1 }; 7])?;
    /// assert_eq!(batch.len(), 1);
    /// # Ok(()) }
    /// ```
    pub fn len(&self) -> usize {
        self.appends.len()
    }

    /// Whether nothing is in the batch. An append of it then does nothing, and asks the database nothing.
    ///
    /// ```
    /// let batch = eventsourcing::AppendBatch::new();
    /// assert!(batch.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.appends.is_empty()
    }

    /// Lets a store meet the event types of the batch.
    pub(super) fn meet<B: Backend>(&self, store: &Store<B>) -> Result<(), StoreError> {
        self.types.iter().try_for_each(|(id, types)| store.meet_types(*id, types))
    }

    pub(super) fn into_appends(self) -> Vec<Append> {
        self.appends
    }
}
