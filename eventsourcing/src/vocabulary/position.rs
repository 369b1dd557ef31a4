//! Where an event stands, in its stream and among all events. Knows nothing of storage.

use std::{fmt, num::NonZero};

/// The place of an event in its stream, and so the version of the stream that ends with it.
///
/// The first event of a stream has version 1; each further one has the next number, without gaps. A stream without
/// events has no version, which is `None`, never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamVersion(NonZero<i64>);

/// The place of an event in the total order over all streams of a store.
///
/// Positions grow in the order in which readers see events, and may have gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GlobalPosition(NonZero<i64>);

impl StreamVersion {
    /// The version of a stream's first event: 1.
    pub const FIRST: Self = Self(ONE);

    /// The version with this number, which must be at least 1.
    ///
    /// ```
    /// use eventsourcing::StreamVersion;
    ///
    /// assert_eq!(StreamVersion::new(1), Some(StreamVersion::FIRST));
    /// assert_eq!(StreamVersion::new(0), None);
    /// ```
    pub const fn new(number: i64) -> Option<Self> {
        match positive(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The number, at least 1.
    ///
    /// ```
    /// assert_eq!(eventsourcing::StreamVersion::FIRST.get(), 1);
    /// ```
    pub const fn get(self) -> i64 {
        self.0.get()
    }

    /// The version after this one, unless this is the last that there can be.
    pub(crate) const fn next(self) -> Option<Self> {
        match self.get().checked_add(1) {
            Some(next) => Self::new(next),
            None => None,
        }
    }
}

impl GlobalPosition {
    /// The lowest position an event can have: 1.
    pub const FIRST: Self = Self(ONE);

    /// The position with this number, which must be at least 1.
    ///
    /// ```
    /// use eventsourcing::GlobalPosition;
    ///
    /// assert!(GlobalPosition::new(1) < GlobalPosition::new(7));
    /// assert_eq!(GlobalPosition::new(0), None);
    /// ```
    pub const fn new(number: i64) -> Option<Self> {
        match positive(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The number, at least 1: what a read model of one's own stores to resume from.
    ///
    /// ```
    /// assert_eq!(eventsourcing::GlobalPosition::FIRST.get(), 1);
    /// ```
    pub const fn get(self) -> i64 {
        self.0.get()
    }

    /// The position after this one, unless this is the last that there can be.
    pub(crate) const fn next(self) -> Option<Self> {
        match self.get().checked_add(1) {
            Some(next) => Self::new(next),
            None => None,
        }
    }
}

impl fmt::Display for StreamVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for GlobalPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

const ONE: NonZero<i64> = NonZero::new(1).unwrap();

const fn positive(number: i64) -> Option<NonZero<i64>> {
    if number > 0 { NonZero::new(number) } else { None }
}

/// What an append requires of its stream.
///
/// What a reader has seen says it: `Some(version)` is [`Exact`](Self::Exact), `None` is [`NoStream`](Self::NoStream).
///
/// ```
/// use eventsourcing::{ExpectedVersion, StreamVersion};
///
/// let seen: Option<StreamVersion> = None;
/// assert_eq!(ExpectedVersion::from(seen), ExpectedVersion::NoStream);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "these four are all there is; adapters match on them")]
pub enum ExpectedVersion {
    /// Nothing: append after whatever is there.
    Any,
    /// The stream has no events.
    NoStream,
    /// The stream has at least one event.
    StreamExists,
    /// The last event of the stream has this version.
    Exact(StreamVersion),
}

impl ExpectedVersion {
    /// Whether a stream whose last event has the version `actual` meets this expectation.
    ///
    /// ```
    /// use eventsourcing::{ExpectedVersion, StreamVersion};
    ///
    /// assert!(ExpectedVersion::NoStream.admits(None));
    /// assert!(!ExpectedVersion::NoStream.admits(Some(StreamVersion::FIRST)));
    /// assert!(ExpectedVersion::Exact(StreamVersion::FIRST).admits(Some(StreamVersion::FIRST)));
    /// ```
    pub fn admits(self, actual: Option<StreamVersion>) -> bool {
        match self {
            Self::Any => true,
            Self::NoStream => actual.is_none(),
            Self::StreamExists => actual.is_some(),
            Self::Exact(version) => actual == Some(version),
        }
    }
}

/// `None` is [`ExpectedVersion::NoStream`]: what a reader that saw no events expects.
impl From<Option<StreamVersion>> for ExpectedVersion {
    fn from(seen: Option<StreamVersion>) -> Self {
        seen.map_or(Self::NoStream, Self::Exact)
    }
}

impl From<StreamVersion> for ExpectedVersion {
    fn from(seen: StreamVersion) -> Self {
        Self::Exact(seen)
    }
}

impl fmt::Display for ExpectedVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any version"),
            Self::NoStream => f.write_str("no stream"),
            Self::StreamExists => f.write_str("an existing stream"),
            Self::Exact(version) => write!(f, "version {version}"),
        }
    }
}

/// Where a subscription begins: strictly after this point.
///
/// `P` is a [`GlobalPosition`] over all streams and a [`StreamVersion`] on one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "these three are all there is; callers match on them")]
pub enum After<P = GlobalPosition> {
    /// Before the first event: everything is delivered.
    Start,
    /// After what is there now: nothing that commits from now on is missed.
    End,
    /// After the event with this position.
    Position(P),
}

/// `None` is [`After::Start`]: what a reader that has handled nothing resumes from.
impl<P> From<Option<P>> for After<P> {
    fn from(handled: Option<P>) -> Self {
        handled.map_or(Self::Start, Self::Position)
    }
}
