//! Appends on their way to the one who writes.

use std::sync::Arc;

use tokio::sync::oneshot;
use uuid::Uuid;

use crate::{
    columns::{encode_metadata, event_ids},
    port::{Append, AppendError, Appended, StoreError},
    vocabulary::{Encoded, ExpectedVersion, NewEvent, StreamId},
};

/// What the appends of a job have come to, in their order.
pub(super) type Results = Vec<Result<Appended, AppendError>>;

/// Appends of one caller's.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) appends: Vec<Prepared>,
    /// Whether all of them are stored or none.
    pub(super) is_whole: bool,
    /// Closed when the caller has lost interest.
    pub(super) answer: oneshot::Sender<Result<Results, StoreError>>,
}

/// An append as the database gets it. The texts are shared, so that a second attempt copies none.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) stream_id: StreamId,
    pub(super) expected: ExpectedVersion,
    pub(super) ids: Vec<Uuid>,
    pub(super) events: Vec<NewRow>,
    /// Whether the events may stand in the stream already.
    pub(super) is_repeatable: bool,
}

/// An event as the database gets it.
#[derive(Debug)]
pub(super) struct NewRow {
    pub(super) tag: Arc<str>,
    pub(super) schema_version: i64,
    pub(super) correlation_id: Option<Arc<str>>,
    pub(super) causation_id: Option<Arc<str>>,
    pub(super) metadata: Option<Arc<str>>,
    pub(super) payload: Arc<str>,
}

impl Job {
    /// The append of one event that is all of this job, and not to be looked for before.
    pub(super) fn single(&self) -> Option<&Prepared> {
        let [append] = self.appends.as_slice() else { return None };
        (append.events.len() == 1 && !append.is_repeatable).then_some(append)
    }
}

impl Prepared {
    pub(super) fn new(append: &Append) -> Self {
        Self {
            stream_id: append.stream_id.clone(),
            expected: append.expected,
            ids: event_ids(append),
            events: append.events.iter().map(NewRow::new).collect(),
            is_repeatable: append.is_repeatable(),
        }
    }
}

impl NewRow {
    fn new(new: &NewEvent<Encoded<Vec<u8>>>) -> Self {
        let text = |text: Option<&str>| text.map(Arc::from);
        Self {
            tag: new.event.tag.as_str().into(),
            schema_version: new.event.schema_version.get().into(),
            correlation_id: text(new.metadata.correlation()),
            causation_id: text(new.metadata.causation()),
            metadata: encode_metadata(&new.metadata).map(Arc::from),
            // What is no JSON, and so may be no UTF-8, was refused before.
            payload: String::from_utf8_lossy(&new.event.payload).into(),
        }
    }
}
