//! What an aggregate is: state folded from one stream, and decisions on it. Knows nothing of stores.

use std::{fmt, num::NonZero, str::FromStr};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    codec::{EncodeError, PayloadError, json},
    port::SnapshotKey,
    schema::{Event, Schema, ValueCheck, changed_formats::refuse_changed_state},
    vocabulary::Category,
};

/// Folds events into state.
///
/// ```
/// # use eventsourcing::{Aggregate, Apply, Decide, Event};
/// # #[derive(Debug, PartialEq, Event)]
/// # #[event(prefix = "account")]
/// # enum AccountEvent {
/// #     Deposited { cents: i64 },
/// #     Withdrawn { cents: i64 },
/// # }
/// #[derive(Default)]
/// struct Account {
///     cents: i64,
/// }
///
/// impl Apply<AccountEvent> for Account {
///     fn apply(&mut self, event: &AccountEvent) {
///         match event {
///             AccountEvent::Deposited { cents } => self.cents += cents,
///             AccountEvent::Withdrawn { cents } => self.cents -= cents,
///         }
///     }
/// }
///
/// let mut account = Account::default();
/// account.apply(&AccountEvent::Deposited { cents: 100 });
/// assert_eq!(account.cents, 100);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how `{E}` changes it",
    label = "no `Apply<{E}>` for `{Self}`",
    note = "write `impl Apply<{E}> for {Self}`; its `match` over the events is checked to be exhaustive"
)]
pub trait Apply<E> {
    /// Brings the state up to date with an event that has happened. Must not fail and must not decide.
    fn apply(&mut self, event: &E);
}

/// Decides on a command: the events that happen because of it, or why nothing does.
///
/// It needs no store, so rules are tested without one:
///
/// ```
/// # use eventsourcing::{Aggregate, Apply, Decide, Event};
/// # #[derive(Debug, PartialEq, Event)]
/// # #[event(prefix = "account")]
/// # enum AccountEvent {
/// #     Deposited { cents: i64 },
/// #     Withdrawn { cents: i64 },
/// # }
/// # #[derive(Default, Aggregate)]
/// # #[aggregate(event = AccountEvent, id = String, category = "account")]
/// # struct Account { cents: i64 }
/// # impl Apply<AccountEvent> for Account {
/// #     fn apply(&mut self, event: &AccountEvent) {
/// #         match event {
/// #             AccountEvent::Deposited { cents } => self.cents += cents,
/// #             AccountEvent::Withdrawn { cents } => self.cents -= cents,
/// #         }
/// #     }
/// # }
/// struct Withdraw {
///     cents: i64,
/// }
///
/// #[derive(Debug, PartialEq, thiserror::Error)]
/// #[error("only {left} cents left")]
/// struct Overdrawn {
///     left: i64,
/// }
///
/// impl Decide<Withdraw> for Account {
///     type Error = Overdrawn;
///
///     fn decide(&self, command: &Withdraw) -> Result<Vec<AccountEvent>, Overdrawn> {
///         if command.cents > self.cents {
///             return Err(Overdrawn { left: self.cents });
///         }
///         Ok(vec![AccountEvent::Withdrawn { cents: command.cents }])
///     }
/// }
///
/// let account = Account { cents: 100 };
/// assert_eq!(account.decide(&Withdraw { cents: 30 }), Ok(vec![AccountEvent::Withdrawn { cents: 30 }]));
/// assert_eq!(account.decide(&Withdraw { cents: 130 }), Err(Overdrawn { left: 100 }));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not decide on `{C}`",
    label = "no `Decide<{C}>` for `{Self}`",
    note = "write `impl Decide<{C}> for {Self}`"
)]
pub trait Decide<C>: Aggregate {
    /// Why a command is refused.
    type Error;

    /// The events that the command leads to, from the state alone: pure, so that it can run again after a conflict.
    ///
    /// # Errors
    ///
    /// Why the command is refused. Nothing is stored then.
    fn decide(&self, command: &C) -> Result<Vec<Self::Event>, Self::Error>;
}

/// State that is folded from the events of one stream.
///
/// Derive it with `#[derive(Aggregate)]`, or write it by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an aggregate",
    label = "not an aggregate",
    note = "add `#[derive(Aggregate)]` and `#[aggregate(event = .., id = .., category = \"..\")]` to `{Self}`"
)]
pub trait Aggregate: Apply<<Self as Aggregate>::Event> + Default + Send + Sync + 'static {
    /// The events of its stream.
    type Event: Event;
    /// What tells one aggregate of this type from another; the part of the stream id after the category.
    type Id: fmt::Display + FromStr + Send + Sync;
    /// The category of its streams.
    const CATEGORY: Category;

    /// How its state is cached; not at all unless this is given.
    fn snapshots() -> Option<Snapshots<Self>> {
        None
    }
}

/// How the state of an aggregate is cached, so that loading it does not read all of a long stream.
///
/// A snapshot is disposable: one whose key is not that of the code is ignored, and the state is folded anew.
/// `#[aggregate(snapshot(every = 100, version = 1))]` writes it; an aggregate that is written by hand gives it itself:
///
/// ```
/// use std::num::NonZero;
///
/// # use eventsourcing::{Aggregate, Apply, Category, Event, Schema, Snapshots};
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Event)]
/// # #[event(prefix = "account")]
/// # enum AccountEvent { Deposited { cents: i64 } }
/// # #[derive(Default, Serialize, Deserialize, Schema)]
/// # struct Account { cents: i64 }
/// # impl Apply<AccountEvent> for Account {
/// #     fn apply(&mut self, event: &AccountEvent) {
/// #         let AccountEvent::Deposited { cents } = event;
/// #         self.cents += cents;
/// #     }
/// # }
/// impl Aggregate for Account {
///     type Event = AccountEvent;
///     type Id = String;
///     const CATEGORY: Category = Category::from_static("account");
///
///     fn snapshots() -> Option<Snapshots<Self>> {
///         const EVERY: NonZero<u32> = NonZero::new(100).unwrap();
///         Some(Snapshots::json(EVERY, 1))
///     }
/// }
/// ```
pub struct Snapshots<A> {
    every: NonZero<u32>,
    key: SnapshotKey,
    encode: fn(&A) -> Result<Vec<u8>, EncodeError>,
    decode: fn(&[u8]) -> Result<A, PayloadError>,
}

impl<A: Serialize + DeserializeOwned + Schema> Snapshots<A> {
    /// Snapshots as JSON, one after every `every` events.
    ///
    /// `version` is for the author: raise it when `apply` changes what it makes of the same events. A changed state is
    /// noticed without that, by the fingerprint of its schema.
    ///
    /// ```
    /// use std::num::NonZero;
    ///
    /// use eventsourcing::{Schema, Snapshots};
    /// use serde::{Deserialize, Serialize};
    ///
    /// # #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Schema)]
    /// # struct Account { cents: i64 }
    /// const EVERY: NonZero<u32> = NonZero::new(100).unwrap();
    ///
    /// let snapshots = Snapshots::<Account>::json(EVERY, 1);
    /// assert_eq!(snapshots.key().version, 1);
    /// ```
    pub const fn json(every: NonZero<u32>, version: u32) -> Self {
        Self {
            every,
            key: SnapshotKey { version, fingerprint: A::FINGERPRINT },
            encode: encode_state::<A>,
            decode: json::from_slice::<A>,
        }
    }
}

/// The state as JSON, refused where a key of a flattened map would be read as something else, as it is of events.
fn encode_state<A: Serialize + DeserializeOwned + Schema>(state: &A) -> Result<Vec<u8>, EncodeError> {
    refuse_changed_state::<A>()?;
    let mut check = ValueCheck::default();
    state.check_value(&mut check);
    check.result()?;
    let (text, keys) = json::with_merged_keys(state)?;
    let shape = A::SHAPE;
    if let Some(known) = keys.iter().find(|key| shape.knows(key)) {
        let taken = match json::from_slice::<A>(&text) {
            Ok(again) => json::first_missing(&keys, &json::merged_keys(&again)),
            Err(_) => Some(known.as_str()),
        };
        if let Some(key) = taken {
            return Err(json::place_of_merged(state, key));
        }
    }
    Ok(text)
}

impl<A> Snapshots<A> {
    /// After how many events a new snapshot is due.
    ///
    /// ```
    /// use std::num::NonZero;
    ///
    /// use eventsourcing::{Schema, Snapshots};
    /// use serde::{Deserialize, Serialize};
    ///
    /// # #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Schema)]
    /// # struct Account { cents: i64 }
    /// const EVERY: NonZero<u32> = NonZero::new(100).unwrap();
    ///
    /// assert_eq!(Snapshots::<Account>::json(EVERY, 1).every(), EVERY);
    /// ```
    pub const fn every(&self) -> NonZero<u32> {
        self.every
    }

    /// Which stored snapshots fit this code: those with the same version and the same fingerprint.
    ///
    /// ```
    /// use std::num::NonZero;
    ///
    /// use eventsourcing::{Schema, Snapshots};
    /// use serde::{Deserialize, Serialize};
    ///
    /// # #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Schema)]
    /// # struct Account { cents: i64 }
    /// const EVERY: NonZero<u32> = NonZero::new(100).unwrap();
    ///
    /// let (first, second) = (Snapshots::<Account>::json(EVERY, 1), Snapshots::<Account>::json(EVERY, 2));
    /// assert_eq!(first.key().fingerprint, second.key().fingerprint);
    /// assert_ne!(first.key(), second.key());
    /// ```
    pub const fn key(&self) -> SnapshotKey {
        self.key
    }

    /// The state as a snapshot holds it.
    ///
    /// # Errors
    ///
    /// When JSON cannot hold the state faithfully, with the place of what it cannot hold.
    ///
    /// # Example
    ///
    /// ```
    /// use std::num::NonZero;
    ///
    /// use eventsourcing::{Schema, Snapshots};
    /// use serde::{Deserialize, Serialize};
    ///
    /// # #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Schema)]
    /// # struct Account { cents: i64 }
    /// const EVERY: NonZero<u32> = NonZero::new(100).unwrap();
    ///
    /// let json = Snapshots::json(EVERY, 1).encode(&Account { cents: 100 })?;
    /// assert_eq!(json, br#"{"cents":100}"#);
    /// # Ok::<(), eventsourcing::codec::EncodeError>(())
    /// ```
    pub fn encode(&self, state: &A) -> Result<Vec<u8>, EncodeError> {
        (self.encode)(state)
    }

    /// The state that a snapshot holds.
    ///
    /// # Errors
    ///
    /// When it is not the JSON of such a state, with the place of what is wrong.
    ///
    /// # Example
    ///
    /// ```
    /// use std::num::NonZero;
    ///
    /// use eventsourcing::{Schema, Snapshots};
    /// use serde::{Deserialize, Serialize};
    ///
    /// # #[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, Schema)]
    /// # struct Account { cents: i64 }
    /// const EVERY: NonZero<u32> = NonZero::new(100).unwrap();
    ///
    /// let account: Account = Snapshots::json(EVERY, 1).decode(br#"{"cents":100}"#)?;
    /// assert_eq!(account.cents, 100);
    /// # Ok::<(), eventsourcing::codec::PayloadError>(())
    /// ```
    pub fn decode(&self, snapshot: &[u8]) -> Result<A, PayloadError> {
        (self.decode)(snapshot)
    }
}

impl<A> fmt::Debug for Snapshots<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshots").field("every", &self.every).field("key", &self.key).finish_non_exhaustive()
    }
}
