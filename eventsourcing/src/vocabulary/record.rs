//! Events before and after the store gave them their place. Knows nothing of storage.

use std::fmt;

use uuid::Uuid;

use super::{
    metadata::Metadata,
    position::{GlobalPosition, StreamVersion},
    stream_id::StreamId,
    tag::{SchemaVersion, Tag},
    timestamp::Timestamp,
};

/// The identity of one event, and the key of idempotent appends.
///
/// `UUIDv7` unless the caller gives one. It is no order: positions are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(Uuid);

impl EventId {
    /// A new, unique id (`UUIDv7`).
    ///
    /// ```
    /// use eventsourcing::EventId;
    ///
    /// assert_ne!(EventId::new(), EventId::new());
    /// ```
    #[expect(clippy::new_without_default, reason = "every call gives another id; a default should not")]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// The id as a UUID.
    ///
    /// ```
    /// use eventsourcing::EventId;
    ///
    /// let id = EventId::new();
    /// assert_eq!(EventId::from(id.as_uuid()), id);
    /// ```
    pub const fn as_uuid(self) -> Uuid {
        self.0
    }
}

impl From<Uuid> for EventId {
    fn from(id: Uuid) -> Self {
        Self(id)
    }
}

impl From<EventId> for Uuid {
    fn from(id: EventId) -> Self {
        id.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventId({})", self.0)
    }
}

/// An event on its way into the store.
///
/// `append` takes bare events as well; this is for giving an event an id or metadata of its own.
///
/// ```
/// use eventsourcing::{EventId, Metadata, NewEvent};
///
/// let id = EventId::new();
/// let event = NewEvent::new("an event").id(id).metadata(Metadata::new().with("user", "ada"));
/// assert_eq!(event.event, "an event");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewEvent<E> {
    /// The event itself.
    pub event: E,
    /// The id the caller gave it; the store gives it a new one otherwise.
    pub id: Option<EventId>,
    /// What is said about this event alone; it wins over what the handle says about all of an append.
    pub metadata: Metadata,
}

impl<E> NewEvent<E> {
    /// An event without an id or metadata of its own.
    ///
    /// ```
    /// let event = eventsourcing::NewEvent::new("an event");
    /// assert_eq!((event.event, event.id), ("an event", None));
    /// ```
    pub const fn new(event: E) -> Self {
        Self { event, id: None, metadata: Metadata::new() }
    }

    /// Gives the event an id: appending the same ids again gives the first result again.
    ///
    /// It may be made from what the caller has, so that a repeated request has the same one:
    ///
    /// ```
    /// use eventsourcing::NewEvent;
    /// # use eventsourcing::{EventId, sqlx::types::Uuid};
    ///
    /// # let request_id: Uuid = EventId::new().as_uuid();
    /// let event = NewEvent::new("an event").id(request_id);
    /// assert_eq!(event.id, Some(request_id.into()));
    /// ```
    pub fn id(mut self, id: impl Into<EventId>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Says something about this event alone; it wins over what the handle says about all of an append, entry by entry.
    ///
    /// ```
    /// use eventsourcing::{Metadata, NewEvent};
    ///
    /// let event = NewEvent::new("an event").metadata(Metadata::new().with("user", "ada"));
    /// assert_eq!(event.metadata.get("user"), Some("ada"));
    /// ```
    pub fn metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }
}

impl<E> From<E> for NewEvent<E> {
    fn from(event: E) -> Self {
        Self::new(event)
    }
}

/// An event as the store recorded it. Immutable history.
///
/// `E` is the typed event, or, for those who read without types, the JSON text that is stored of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recorded<E> {
    /// The stream the event belongs to.
    pub stream_id: StreamId,
    /// Its place in the stream.
    pub version: StreamVersion,
    /// Its place among all events.
    pub position: GlobalPosition,
    /// Its identity.
    pub event_id: EventId,
    /// What the store's clock said when it was written.
    pub recorded_at: Timestamp,
    /// What its writer said about it.
    pub metadata: Metadata,
    /// The name of the event type under which it is stored.
    pub tag: Tag,
    /// The shape in which it is stored, which may be an older one than that of `event`.
    pub schema_version: SchemaVersion,
    /// The event itself.
    pub event: E,
}

impl<E> Recorded<E> {
    /// An event that stands in this place. Stores make them; a test may as well.
    ///
    /// ```
    /// use eventsourcing::{
    ///     Encoded, EventId, GlobalPosition, Metadata, Recorded, SchemaVersion, StreamVersion, Tag, Timestamp,
    /// };
    ///
    /// let recorded = Recorded::new(
    ///     "account/ada".parse()?,
    ///     StreamVersion::FIRST,
    ///     GlobalPosition::FIRST,
    ///     EventId::new(),
    ///     Timestamp::from_micros(0),
    ///     Metadata::new(),
    ///     Encoded::new(Tag::from_static("account.opened"), SchemaVersion::FIRST, "{}"),
    /// );
    /// assert_eq!((recorded.tag.as_str(), recorded.event), ("account.opened", "{}"));
    /// # Ok::<(), eventsourcing::InvalidStreamId>(())
    /// ```
    pub fn new(
        stream_id: StreamId,
        version: StreamVersion,
        position: GlobalPosition,
        event_id: EventId,
        recorded_at: Timestamp,
        metadata: Metadata,
        stored: Encoded<E>,
    ) -> Self {
        let Encoded { tag, schema_version, payload } = stored;
        Self { stream_id, version, position, event_id, recorded_at, metadata, tag, schema_version, event: payload }
    }

    /// The same record with another event in it.
    pub(crate) fn with_event<T>(self, event: T) -> Recorded<T> {
        let Self { stream_id, version, position, event_id, recorded_at, metadata, tag, schema_version, .. } = self;
        Recorded { stream_id, version, position, event_id, recorded_at, metadata, tag, schema_version, event }
    }
}

impl<P: AsRef<[u8]>> Recorded<P> {
    /// The event in its stored form, borrowed: what a typed one is read from.
    pub(crate) fn encoded(&self) -> Encoded<&[u8]> {
        Encoded { tag: self.tag.clone(), schema_version: self.schema_version, payload: self.event.as_ref() }
    }
}

/// An event in its stored form, before it has a place. `P` is where the bytes live: an owned buffer, or a borrowed one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Encoded<P> {
    /// The name of the event type.
    pub tag: Tag,
    /// The shape in which it is stored.
    pub schema_version: SchemaVersion,
    /// The JSON text of the payload.
    pub payload: P,
}

impl<P> Encoded<P> {
    /// An event in its stored form.
    pub const fn new(tag: Tag, schema_version: SchemaVersion, payload: P) -> Self {
        Self { tag, schema_version, payload }
    }
}
