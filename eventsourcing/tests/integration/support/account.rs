//! The aggregate that the tests of typed behaviour share.

use std::num::NonZero;

use eventsourcing::{Aggregate, Apply, Category, Decide, Event, Schema, Snapshots, StreamId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "account", retired("account.frozen", versions = 1..=1), unlocked)]
pub(crate) enum AccountEvent {
    Deposited { cents: i64 },
    Withdrawn { cents: i64 },
}

#[derive(Debug, Default, Clone, PartialEq, Aggregate)]
#[aggregate(event = AccountEvent, id = u32, category = "account")]
pub(crate) struct Account {
    pub(crate) cents: i64,
    pub(crate) events: i64,
}

impl Apply<AccountEvent> for Account {
    fn apply(&mut self, event: &AccountEvent) {
        self.events += 1;
        match event {
            AccountEvent::Deposited { cents } => self.cents += cents,
            AccountEvent::Withdrawn { cents } => self.cents -= cents,
        }
    }
}

pub(crate) struct Withdraw(pub(crate) i64);

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("only {0} cents are there")]
pub(crate) struct Insufficient(pub(crate) i64);

impl Decide<Withdraw> for Account {
    type Error = Insufficient;

    fn decide(&self, command: &Withdraw) -> Result<Vec<AccountEvent>, Insufficient> {
        if command.0 > self.cents {
            return Err(Insufficient(self.cents));
        }
        Ok(vec![AccountEvent::Withdrawn { cents: command.0 }])
    }
}

pub(crate) struct Deposit(pub(crate) i64);

impl Decide<Deposit> for Account {
    type Error = Insufficient;

    fn decide(&self, command: &Deposit) -> Result<Vec<AccountEvent>, Insufficient> {
        Ok(vec![AccountEvent::Deposited { cents: command.0 }])
    }
}

/// The same account with snapshots, whose fold says in the state whether it began with one.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Schema, Aggregate)]
#[aggregate(event = AccountEvent, id = u32, category = "account", snapshot(every = 10, version = 1))]
pub(crate) struct Cached {
    pub(crate) cents: i64,
    pub(crate) nested: Nested,
    /// How many events have been applied since the snapshot, or since the beginning.
    #[serde(skip)]
    pub(crate) applied: i64,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct Nested {
    pub(crate) events: i64,
}

impl Apply<AccountEvent> for Cached {
    fn apply(&mut self, event: &AccountEvent) {
        self.applied += 1;
        self.nested.events += 1;
        match event {
            AccountEvent::Deposited { cents } => self.cents += cents,
            AccountEvent::Withdrawn { cents } => self.cents -= cents,
        }
    }
}

/// The next release of it: a nested type of the state has changed, and nobody has raised the version.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct Changed {
    pub(crate) cents: i64,
    pub(crate) nested: ChangedNested,
    #[serde(skip)]
    pub(crate) applied: i64,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct ChangedNested {
    #[serde(default)]
    pub(crate) events: i32,
}

/// By hand, as the derive would write it.
impl Aggregate for Changed {
    type Event = AccountEvent;
    type Id = u32;
    const CATEGORY: Category = Category::from_static("account");

    fn snapshots() -> Option<Snapshots<Self>> {
        Some(Snapshots::json(NonZero::new(10).unwrap(), 1))
    }
}

impl Apply<AccountEvent> for Changed {
    fn apply(&mut self, event: &AccountEvent) {
        self.applied += 1;
        self.nested.events += 1;
        match event {
            AccountEvent::Deposited { cents } => self.cents += cents,
            AccountEvent::Withdrawn { cents } => self.cents -= cents,
        }
    }
}

pub(crate) fn account(id: u32) -> StreamId {
    StreamId::new("account", id).unwrap()
}

pub(crate) fn deposits(count: usize) -> Vec<AccountEvent> {
    vec![AccountEvent::Deposited { cents: 1 }; count]
}
