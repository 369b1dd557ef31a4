//! An aggregate in memory.

use std::{fmt, ops::Deref};

use super::aggregate::{Aggregate, Decide};
use crate::{
    port::Appended,
    vocabulary::{EventId, NewEvent, StreamId, StreamVersion},
};

/// An aggregate in memory: its state, the version it was loaded at, and what it has recorded since.
///
/// It derefs to the state. A repository [loads](crate::aggregates::Repository::load) it and
/// [saves](crate::aggregates::Repository::save) what it records.
pub struct AggregateRoot<A: Aggregate> {
    pub(super) stream_id: StreamId,
    pub(super) state: A,
    pub(super) version: Option<StreamVersion>,
    pub(super) snapshot: Option<StreamVersion>,
    pub(super) recorded: Vec<NewEvent<A::Event>>,
}

impl<A: Aggregate> AggregateRoot<A> {
    pub(super) fn new(stream_id: StreamId) -> Self {
        Self { stream_id, state: A::default(), version: None, snapshot: None, recorded: Vec::new() }
    }

    /// The stream of the aggregate.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let account = store.repository::<Account>().load(&"ada".to_owned()).await?;
    /// assert_eq!(account.stream_id().as_str(), "account/ada");
    /// # Ok(()) }
    /// ```
    pub fn stream_id(&self) -> &StreamId {
        &self.stream_id
    }

    /// The version of the last stored event in the state; `None` when the stream has no events. Recorded events count
    /// when they have been saved.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let accounts = store.repository::<Account>();
    /// let mut account = accounts.load(&"grace".to_owned()).await?;
    /// account.record(AccountEvent::Deposited { cents: 50 });
    /// assert_eq!(account.version(), None);
    ///
    /// accounts.save(&mut account).await?;
    /// assert_eq!(account.version(), Some(StreamVersion::FIRST));
    /// # Ok(()) }
    /// ```
    pub fn version(&self) -> Option<StreamVersion> {
        self.version
    }

    /// Records an event and applies it to the state at once. It is stored by the next save, and by nothing else: a root
    /// that is dropped forgets it.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let accounts = store.repository::<Account>();
    /// let mut account = accounts.load(&"ada".to_owned()).await?;
    /// account.record(AccountEvent::Withdrawn { cents: 30 });
    /// account.record(NewEvent::new(AccountEvent::Withdrawn { cents: 20 }).metadata(Metadata::new().with("place", "Bern")));
    /// assert_eq!(account.cents, 50);
    /// accounts.save(&mut account).await?;
    /// # Ok(()) }
    /// ```
    pub fn record(&mut self, event: impl Into<NewEvent<A::Event>>) {
        let mut new = event.into();
        // From the beginning, so that saving twice stores it once.
        new.id.get_or_insert_with(EventId::new);
        self.state.apply(&new.event);
        self.recorded.push(new);
    }

    /// Lets the state decide on a command, and records what it decides.
    ///
    /// # Errors
    ///
    /// The aggregate's own, when it refuses the command; nothing is recorded then.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let accounts = store.repository::<Account>();
    /// let mut account = accounts.load(&"ada".to_owned()).await?;
    /// account.decide(&Withdraw { cents: 30 })?;
    /// assert_eq!(account.decide(&Withdraw { cents: 90 }), Err(Overdrawn { left: 70 }));
    /// accounts.save(&mut account).await?;
    /// # Ok(()) }
    /// ```
    pub fn decide<C>(&mut self, command: &C) -> Result<(), A::Error>
    where
        A: Decide<C>,
    {
        for event in self.state.decide(command)? {
            self.record(event);
        }
        Ok(())
    }

    /// What has been recorded and not saved, in order.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let mut account = store.repository::<Account>().load(&"ada".to_owned()).await?;
    /// account.decide(&Withdraw { cents: 30 })?;
    /// assert_eq!(account.recorded()[0].event, AccountEvent::Withdrawn { cents: 30 });
    /// # Ok(()) }
    /// ```
    pub fn recorded(&self) -> &[NewEvent<A::Event>] {
        &self.recorded
    }

    /// The state alone. What was recorded and not saved is forgotten, but it stays applied.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let account: Account = store.repository::<Account>().load(&"ada".to_owned()).await?.into_state();
    /// assert_eq!(account.cents, 100);
    /// # Ok(()) }
    /// ```
    pub fn into_state(self) -> A {
        self.state
    }
}

impl<A: Aggregate + fmt::Debug> fmt::Debug for AggregateRoot<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stream_id, state, version, snapshot: _, recorded } = self;
        let mut root = f.debug_struct("AggregateRoot");
        root.field("stream_id", stream_id).field("version", version).field("state", state);
        root.field("recorded", &recorded.len()).finish()
    }
}

impl<A: Aggregate> Deref for AggregateRoot<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.state
    }
}

/// What a command came to.
#[derive(Debug)]
#[non_exhaustive]
pub struct Executed<A: Aggregate> {
    /// The aggregate after the command.
    pub root: AggregateRoot<A>,
    /// Where its last event stands; nothing when the command led to no events.
    pub appended: Appended,
}
