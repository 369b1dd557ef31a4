//! The event types of a crate, or of several, as one value: for tools, and for checks of all that a store may hold.

use std::borrow::Cow;

use crate::{
    schema::{
        event::{EventType, EventTypes, Origin},
        shape::Shape,
    },
    vocabulary::SchemaVersion,
};

mod owners;

pub(crate) use owners::Owners;
pub use owners::{SharedName, SharedNameKind};

/// The event types of a crate, or of several.
///
/// [`events_lock!`](crate::events_lock) makes the one of a crate, as its constant `EVENTS`. Those of several crates are
/// merged where a program puts them together:
///
/// ```
/// use eventsourcing::{Catalog, Event, schema::Locked};
///
/// #[derive(Event)]
/// #[event(prefix = "account")]
/// enum AccountEvent {
///     Opened { owner: String },
/// }
///
/// #[derive(Event)]
/// #[event(prefix = "card")]
/// enum CardEvent {
///     Issued { number: String },
/// }
///
/// // As `accounts::EVENTS` and `cards::EVENTS` would be.
/// const ACCOUNTS: Catalog = Catalog::new(&[AccountEvent::LISTED]);
/// const CARDS: Catalog = Catalog::new(&[CardEvent::LISTED]);
///
/// let bank = Catalog::merge([ACCOUNTS, CARDS])?;
/// let tags: Vec<&str> = bank.events().map(|event| event.tag).collect();
/// assert_eq!(tags, ["account.opened", "card.issued"]);
/// # Ok::<(), eventsourcing::schema::SharedName>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    types: Cow<'static, [&'static EventTypes]>,
}

impl Catalog {
    /// These types; [`LISTED`](crate::schema::event::Locked::LISTED) is how each of them says what it has.
    ///
    /// ```
    /// use eventsourcing::{Catalog, Event, schema::Locked};
    ///
    /// # #[derive(Event)]
    /// # #[event(prefix = "account")]
    /// # enum AccountEvent { Opened { owner: String } }
    /// const ACCOUNTS: Catalog = Catalog::new(&[AccountEvent::LISTED]);
    /// ```
    pub const fn new(types: &'static [&'static EventTypes]) -> Self {
        Self { types: Cow::Borrowed(types) }
    }

    /// All types of several catalogs; one that is in two of them comes once.
    ///
    /// # Errors
    ///
    /// When two packages have one tag, or one section and so one prefix: stored events would belong to both.
    ///
    /// # Example
    ///
    /// ```
    /// use eventsourcing::{Catalog, Event, schema::Locked};
    ///
    /// # #[derive(Event)]
    /// # #[event(prefix = "account")]
    /// # enum AccountEvent { Opened { owner: String } }
    ///
    /// const ACCOUNTS: Catalog = Catalog::new(&[AccountEvent::LISTED]);
    ///
    /// let both = Catalog::merge([ACCOUNTS, ACCOUNTS])?;
    /// assert_eq!(both.types().len(), 1);
    /// # Ok::<(), eventsourcing::schema::SharedName>(())
    /// ```
    pub fn merge(catalogs: impl IntoIterator<Item = Self>) -> Result<Self, SharedName> {
        let mut types: Vec<&'static EventTypes> = Vec::new();
        for listed in catalogs.into_iter().flat_map(|catalog| catalog.types.into_owned()) {
            if !types.contains(&listed) {
                types.push(listed);
            }
        }
        let merged = Self { types: types.into() };
        merged.check()?;
        Ok(merged)
    }

    /// The event types, in the order in which they are listed.
    ///
    /// ```
    /// use eventsourcing::{Catalog, Event, schema::Locked};
    ///
    /// # #[derive(Event)]
    /// # #[event(prefix = "account")]
    /// # enum AccountEvent { Opened { owner: String } }
    /// let catalog = Catalog::new(&[AccountEvent::LISTED]);
    /// assert_eq!(catalog.types()[0].own[0].tag, "account.opened");
    /// ```
    pub fn types(&self) -> &[&'static EventTypes] {
        &self.types
    }

    /// Every version of every event that is read, the older versions before the one that is written. An event that one
    /// of the types has from another comes with the type that it is from.
    ///
    /// ```
    /// use eventsourcing::{Catalog, Event, schema::Locked};
    ///
    /// # #[derive(Event)]
    /// # #[event(prefix = "account")]
    /// # enum AccountEvent { Opened { owner: String } }
    /// for event in Catalog::new(&[AccountEvent::LISTED]).events() {
    ///     println!("{} version {}", event.tag, event.version);
    /// }
    /// ```
    pub fn events(&self) -> impl Iterator<Item = CatalogEvent> {
        self.types.iter().flat_map(|types| types.own.iter().flat_map(|event| versions(types.origin, event)))
    }

    /// Whether each tag and each section is of one package.
    pub(crate) fn check(&self) -> Result<(), SharedName> {
        let mut owners = Owners::default();
        self.types.iter().try_for_each(|types| owners.add(types))
    }
}

/// A version of an event that a catalog has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CatalogEvent {
    /// The type it belongs to; a hand-written one may not say.
    pub origin: Option<Origin>,
    /// The stored name.
    pub tag: &'static str,
    /// The schema version.
    pub version: SchemaVersion,
    /// Whether it is the version that is written.
    pub is_written: bool,
    /// What its payloads look like.
    pub shape: &'static Shape,
}

impl CatalogEvent {
    /// The JSON Schema of the payload; its title is the tag, and `x-version` the schema version.
    #[cfg(feature = "schemars")]
    pub fn json_schema(&self) -> schemars::Schema {
        self.shape.json_schema_of_event(self.tag, self.version)
    }
}

fn versions(origin: Option<Origin>, event: &'static EventType) -> impl Iterator<Item = CatalogEvent> {
    let EventType { tag, version: newest, shape, older } = event;
    let older = (1..).zip(*older).filter_map(|(number, shape)| Some((SchemaVersion::new(number)?, false, shape)));
    older.chain([(*newest, true, shape)]).map(move |(version, is_written, shape)| CatalogEvent {
        origin,
        tag,
        version,
        is_written,
        shape,
    })
}
