//! The derives' code passes the lints that strict crates deny.

#![deny(warnings, unused, missing_docs, missing_debug_implementations, unreachable_pub, unused_qualifications)]
#![deny(non_camel_case_types, non_snake_case, unused_lifetimes, unused_results, trivial_casts, single_use_lifetimes)]
#![deny(let_underscore_drop, elided_lifetimes_in_paths, variant_size_differences, unused_crate_dependencies)]
#![deny(redundant_lifetimes, meta_variable_misuse, absolute_paths_not_starting_with_crate, private_interfaces)]
#![forbid(unsafe_code)]
#![allow(unused_crate_dependencies)]

use eventsourcing::{Aggregate, Apply, Event, Schema};
use serde::{Deserialize, Serialize};

/// Events.
#[derive(Debug, Event)]
#[event(prefix = "account", retired("account.frozen", versions = 1..=1))]
pub enum AccountEvent {
    /// Opened.
    Opened {
        /// The owner.
        owner: String,
    },
    /// Deposited.
    #[event(version = 2, upcast(1 = DepositedV1))]
    Deposited(Money),
    /// Closed.
    Closed,
    /// Another.
    #[event(nested)]
    Other(OtherEvent),
}

/// Another.
#[derive(Debug, Event)]
#[event(tag = "other")]
pub struct OtherEvent {
    /// A number.
    pub number: u64,
}

/// A payload.
#[derive(Debug, Serialize, Deserialize, Schema)]
pub struct Money {
    /// An amount.
    pub cents: i64,
}

/// A payload of old.
#[derive(Debug, Deserialize, Schema)]
pub struct DepositedV1 {
    amount: i64,
}

impl From<DepositedV1> for Money {
    fn from(old: DepositedV1) -> Self {
        Self { cents: old.amount }
    }
}

/// A state.
#[derive(Debug, Default, Serialize, Deserialize, Schema, Aggregate)]
#[aggregate(event = AccountEvent, id = u64, category = "account", snapshot(every = 100, version = 1))]
pub struct Account {
    open: bool,
}

impl Apply<AccountEvent> for Account {
    fn apply(&mut self, event: &AccountEvent) {
        self.open = !matches!(event, AccountEvent::Closed);
    }
}

/// Shows that all are used.
pub fn main() {
    let account = Account::default();
    drop(account);
}
