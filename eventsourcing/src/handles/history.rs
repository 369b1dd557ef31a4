//! Whether what a store holds can be read by the code at hand.

use std::fmt;

use super::store::Store;
use crate::{
    port::{Backend, StoreError, StoredType},
    schema::{Catalog, Event, EventTypes},
    vocabulary::{SchemaVersion, Tag},
};

impl<B: Backend> Store<B> {
    /// Checks that every type of event that the store holds, in every version of it, is one that `E` can read.
    ///
    /// For when a service starts: an event that a newer release has written, or whose type this one has lost, is found now
    /// and not by the consumer that meets it. Retired events count as readable. What others commit later is
    /// not foreseen; a consumer that meets it stops there with an error, or goes on by its policy.
    ///
    /// It reads the list of types that appends keep, never the events, so it costs one small query however long
    /// the log is. It changes nothing, and a dropped future leaves nothing behind.
    ///
    /// # Errors
    ///
    /// [`Unreadable`](HistoryError::Unreadable) for what `E` does not read, all of it at once; those of the store.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// store.verify_history::<AccountEvent>().await?;
    ///
    /// #[derive(Event)]
    /// #[event(prefix = "card")]
    /// enum CardEvent {
    ///     Issued,
    /// }
    ///
    /// let refused = store.verify_history::<CardEvent>().await;
    /// assert!(matches!(refused, Err(HistoryError::Unreadable(_)))); // it names `account.deposited`
    /// # Ok(()) }
    /// ```
    ///
    /// # Several event types, several services
    ///
    /// `E` is to cover all that is in the store. Where a service has several event types, compose them:
    ///
    /// ```no_run
    /// # #[cfg(feature = "postgres")]
    /// # mod example {
    /// use eventsourcing::{Event, PgStore};
    ///
    /// #[derive(Event)]
    /// #[event(prefix = "account")]
    /// enum AccountEvent {
    ///     Opened,
    /// }
    ///
    /// #[derive(Event)]
    /// #[event(prefix = "card", retired("card.blocked", versions = 1..=2))]
    /// enum CardEvent {
    ///     Issued,
    /// }
    ///
    /// #[derive(Event)]
    /// enum BankEvent {
    ///     #[event(nested)]
    ///     Account(AccountEvent),
    ///     #[event(nested)]
    ///     Card(CardEvent),
    /// }
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let store = PgStore::connect("postgres://localhost/bank").await?;
    /// store.migrate().await?;
    /// store.verify_history::<BankEvent>().await?;
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    ///
    /// Where other services have events of their own in the same store, either compose theirs as well, or look at what
    /// cannot be read and leave out what is theirs:
    ///
    /// ```no_run
    /// # #[cfg(feature = "postgres")]
    /// # mod example {
    /// # use eventsourcing::{Event, HistoryError, PgStore};
    /// # async fn run<BankEvent: Event>(store: PgStore) -> Result<(), HistoryError> {
    /// match store.verify_history::<BankEvent>().await {
    ///     Err(HistoryError::Unreadable(history))
    ///         if history.types.iter().all(|of| of.stored.tag.as_str().starts_with("shipping.")) => {}
    ///     result => result?,
    /// }
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    pub async fn verify_history<E: Event>(&self) -> Result<(), HistoryError> {
        self.meet::<E>()?;
        self.verify_types(|stored| reading(&E::TYPES, stored)).await
    }

    /// Checks the same for all types of a catalog: those of a crate, as its [`events_lock!`](crate::events_lock) names
    /// them, or those of several.
    ///
    /// ```no_run
    /// # #[cfg(feature = "postgres")]
    /// # mod example {
    /// # mod accounts { pub const EVENTS: eventsourcing::Catalog = eventsourcing::Catalog::new(&[]); }
    /// # mod cards { pub const EVENTS: eventsourcing::Catalog = eventsourcing::Catalog::new(&[]); }
    /// use eventsourcing::{Catalog, PgStore};
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let store = PgStore::connect("postgres://localhost/bank").await?;
    /// store.verify_catalog(&Catalog::merge([accounts::EVENTS, cards::EVENTS])?).await?;
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Unreadable`](HistoryError::Unreadable) for what none of the types reads; [`StoreError::SharedName`] when two
    /// packages of the catalog have one tag or one prefix.
    pub async fn verify_catalog(&self, catalog: &Catalog) -> Result<(), HistoryError> {
        catalog.check().map_err(|shared| StoreError::SharedName(Box::new(shared)))?;
        self.verify_types(|stored| any_of(catalog.types().iter().map(|types| reading(types, stored)))).await
    }

    async fn verify_types(&self, reading: impl Fn(&StoredType) -> Reading) -> Result<(), HistoryError> {
        let stored = self.backend().stored_types().await?;
        let unreadable = |stored: StoredType| match reading(&stored) {
            Reading::Possible => None,
            Reading::Not(reason) => Some(UnreadableType { stored, reason }),
        };
        let types: Vec<UnreadableType> = stored.into_iter().filter_map(unreadable).collect();
        if types.is_empty() { Ok(()) } else { Err(UnreadableHistory { types }.into()) }
    }
}

/// Why [`verify_history`](crate::handles::Store::verify_history) does not vouch for what the store holds.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The store holds types of events that the code cannot read.
    #[error(transparent)]
    Unreadable(#[from] UnreadableHistory),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl HistoryError {
    /// Whether asking again may help: an error of the store that passes.
    pub fn is_retriable(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_retriable())
    }
}

/// The types of events that a store holds and the code cannot read. The message names each of them, one a line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadableHistory {
    /// At least one, ordered by tag and version.
    pub types: Vec<UnreadableType>,
}

/// A type of event that a store holds and the code cannot read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadableType {
    /// What the store holds, and from where on.
    pub stored: StoredType,
    /// What the code knows of it.
    pub reason: Unreadable,
}

/// Why a stored type of event cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreadable {
    /// The tag is known, and the version is newer than the newest that the code knows: a newer release has written it.
    NewerVersion {
        /// The newest version that the code knows.
        newest: SchemaVersion,
    },
    /// The tag is retired, for other versions than this one.
    OutsideRetired {
        /// The first of the versions that are retired.
        first: SchemaVersion,
        /// The last of the versions that are retired.
        last: SchemaVersion,
    },
    /// The code knows no such tag.
    UnknownTag,
}

enum Reading {
    Possible,
    Not(Unreadable),
}

/// What these types, or those nested in them, make of a stored one.
fn reading(types: &EventTypes, stored: &StoredType) -> Reading {
    let (tag, version) = (stored.tag.as_str(), stored.schema_version);
    if let Some(own) = types.own.iter().find(|own| own.tag == tag) {
        return if version <= own.version {
            Reading::Possible
        } else {
            Reading::Not(Unreadable::NewerVersion { newest: own.version })
        };
    }
    if let Some(retired) = types.retired.iter().find(|retired| retired.tag == tag) {
        let (first, last) = (retired.first, retired.last);
        return if (first..=last).contains(&version) {
            Reading::Possible
        } else {
            Reading::Not(Unreadable::OutsideRetired { first, last })
        };
    }
    any_of(types.nested.iter().map(|nested| reading(nested, stored)))
}

/// What several types make of a stored one: the first that knows its tag decides.
fn any_of(readings: impl Iterator<Item = Reading>) -> Reading {
    let mut known = readings.filter(|reading| !matches!(reading, Reading::Not(Unreadable::UnknownTag)));
    known.next().unwrap_or(Reading::Not(Unreadable::UnknownTag))
}

impl fmt::Display for UnreadableHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store holds events that this program cannot read:")?;
        self.types.iter().try_for_each(|unreadable| write!(f, "\n- {unreadable}"))
    }
}

impl std::error::Error for UnreadableHistory {}

impl fmt::Display for UnreadableType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StoredType { tag, schema_version: version, first_position } = &self.stored;
        write!(
            f,
            "`{tag}` in version {version}, first at position {first_position}: {}",
            Remedy(tag, *version, self.reason)
        )
    }
}

/// What is known of a stored type, and what to do about it.
struct Remedy<'a>(&'a Tag, SchemaVersion, Unreadable);

impl fmt::Display for Remedy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(tag, version, reason) = self;
        match reason {
            Unreadable::NewerVersion { newest } => write!(
                f,
                "the newest version known here is {newest}, so a newer release has written it; run a release that has version \
                 {version}"
            ),
            Unreadable::OutsideRetired { first, last } => write!(
                f,
                "it is retired here for the versions {first} to {last} only; run a release that has version {version}, or, if \
                 nothing writes it any more, let the `versions` of `retired` include it"
            ),
            Unreadable::UnknownTag => write!(
                f,
                "no event here has this tag; add its event type with `#[event(nested)]` (to a catalog, with `events_lock!`), or, if nothing writes it any more, \
                 `#[event(retired(\"{}\", versions = 1..={version}))]`",
                tag.as_str().escape_debug()
            ),
        }
    }
}
