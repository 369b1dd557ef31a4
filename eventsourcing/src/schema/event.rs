//! The contract of an event type: its tags, its stored shapes, and its way to bytes and back.

use crate::{
    codec::{DecodeError, EncodeError},
    schema::shape::Shape,
    vocabulary::{Encoded, SchemaVersion, Tag},
};

/// A type whose values are stored as events.
///
/// `#[derive(Event)]` writes this; it can as well be written by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event type",
    label = "not an event type",
    note = "add `#[derive(Event)]` to `{Self}`"
)]
pub trait Event: Sized + Send + Sync + 'static {
    /// Every event this type can be, with the shape in which it is written today.
    const TYPES: EventTypes;

    /// The stored form of this event: its tag, its schema version, and its payload as JSON text.
    ///
    /// The tag and version are among [`TYPES`](Self::TYPES).
    ///
    /// # Errors
    ///
    /// When JSON cannot hold the event faithfully, with the place of what it cannot hold.
    fn encode(&self) -> Result<Encoded<Vec<u8>>, EncodeError>;

    /// The event that was stored as `encoded`, in whichever version; `None` when its type is retired, so that it counts
    /// in its stream and is not delivered.
    ///
    /// # Errors
    ///
    /// When the tag or the version is not one of this type's, the payload is not of that shape, or an upcast fails.
    fn decode(encoded: &Encoded<&[u8]>) -> Result<Option<Self>, DecodeError>;
}

/// The events of one event type: its own, and those of the types nested in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventTypes {
    /// One for each variant with a tag of its own.
    pub own: &'static [EventType],
    /// The event types whose events this one contains.
    pub nested: &'static [&'static EventTypes],
    /// The tags that history may hold and that nothing writes any more.
    pub retired: &'static [RetiredType],
    /// Whose events they are, for messages and catalogs. `None` for fixtures, which may share their tags with anything.
    pub origin: Option<Origin>,
}

/// Where an event type is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// The package that has the type, and beside its `Cargo.toml` the `events.lock`.
    pub package: &'static str,
    /// The type with its path: `shop::events::OrderEvent`.
    pub type_path: &'static str,
    /// The name of its section in `events.lock`. `None` for a type that only joins others and has no events of its own.
    pub section: Option<&'static str>,
}

/// One kind of event: its tag, and the shape in which it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventType {
    /// The stored name.
    pub tag: &'static str,
    /// The schema version that is written.
    pub version: SchemaVersion,
    /// What the payload of that version looks like.
    pub shape: Shape,
    /// What the payloads of the versions before it look like, from the first on, as the types of `upcast` have them.
    pub older: &'static [Shape],
}

/// A tag that history may hold and that nothing writes any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetiredType {
    /// The stored name.
    pub tag: &'static str,
    /// The oldest version that was written.
    pub first: SchemaVersion,
    /// The newest version that was written.
    pub last: SchemaVersion,
}

/// An event type whose shapes stand in `events.lock`: one that [`events_lock!`](crate::events_lock) may name.
///
/// `#[derive(Event)]` writes this too, unless the type is `unlocked`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not locked, so nothing keeps its stored events readable",
    label = "not locked",
    note = "remove `unlocked` from the `#[event(..)]` of `{Self}`; or, if its events were never stored, remove it from `events_lock!`, and its section from `events.lock`",
    note = "a type that is no event type yet needs `#[derive(Event)]`"
)]
pub trait Locked: Event {
    /// Its events, as a catalog lists them.
    const LISTED: &'static EventTypes = &Self::TYPES;

    /// Whether they are all there: `false` after the derive has found a mistake.
    #[doc(hidden)]
    const IS_WHOLE: bool = true;
}

impl Origin {
    /// A type of this package, with its path: `shop::events::OrderEvent`.
    #[must_use]
    pub const fn new(package: &'static str, type_path: &'static str) -> Self {
        Self { package, type_path, section: None }
    }

    /// The name of its section in `events.lock`.
    #[must_use]
    pub const fn section(mut self, section: &'static str) -> Self {
        self.section = Some(section);
        self
    }
}

impl EventType {
    /// The kind of event with this tag, written in this version, with payloads that look like this.
    #[must_use]
    pub const fn new(tag: &'static str, version: SchemaVersion, shape: Shape) -> Self {
        Self { tag, version, shape, older: &[] }
    }

    /// What the payloads of the versions before look like, from the first on.
    #[must_use]
    pub const fn older(mut self, older: &'static [Shape]) -> Self {
        self.older = older;
        self
    }
}

impl RetiredType {
    /// The tag, and the oldest and the newest version that was written.
    #[must_use]
    pub const fn new(tag: &'static str, first: SchemaVersion, last: SchemaVersion) -> Self {
        Self { tag, first, last }
    }
}

impl EventTypes {
    /// These kinds of events; the methods below add to them.
    ///
    /// ```
    /// use eventsourcing::{
    ///     Schema, SchemaVersion,
    ///     schema::{EventType, EventTypes, RetiredType},
    /// };
    ///
    /// const TYPES: EventTypes =
    ///     EventTypes::new(&[EventType::new("light.dimmed", SchemaVersion::FIRST, u8::SHAPE)])
    ///         .retired(&[RetiredType::new("light.flickered", SchemaVersion::FIRST, SchemaVersion::FIRST)]);
    /// # assert_eq!(TYPES.tags().len(), 2);
    /// ```
    #[must_use]
    pub const fn new(own: &'static [EventType]) -> Self {
        Self { own, nested: &[], retired: &[], origin: None }
    }

    /// The event types whose events this one contains.
    #[must_use]
    pub const fn nested(mut self, nested: &'static [&'static EventTypes]) -> Self {
        self.nested = nested;
        self
    }

    /// The tags that history may hold and that nothing writes any more.
    #[must_use]
    pub const fn retired(mut self, retired: &'static [RetiredType]) -> Self {
        self.retired = retired;
        self
    }

    /// Whose events they are.
    #[must_use]
    pub const fn origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// All kinds of events, nested ones included, in the order of the code.
    pub fn all(&'static self) -> Box<dyn Iterator<Item = &'static EventType> + Send> {
        Box::new(self.own.iter().chain(self.nested.iter().flat_map(|types| types.all())))
    }

    /// Every tag that history may hold, retired ones included: the filter of a subscription.
    pub fn tags(&'static self) -> Vec<Tag> {
        let mut tags: Vec<Tag> = self.own.iter().map(|event| Tag::from_static(event.tag)).collect();
        tags.extend(self.retired.iter().map(|retired| Tag::from_static(retired.tag)));
        tags.extend(self.nested.iter().flat_map(|types| types.tags()));
        tags
    }
}
