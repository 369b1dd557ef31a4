//! What can happen to a subscription, as today's release writes it, and how the older shapes become it.

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "subscription", retired("subscription.paused", versions = 1..=1))]
pub(crate) enum SubscriptionEvent {
    /// The third shape of this event. Rows of the two older ones are read through the types of their versions.
    #[event(version = 3, upcast(1 = StartedV1, 2 = StartedV2))]
    Started(Started),
    Renewed {
        price: Money,
    },
    Cancelled {
        reason: String,
        /// Came with release 3, without a new version: rows without it read as `None`.
        refund: Option<Money>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct Started {
    pub(crate) email: String,
    pub(crate) plan: Plan,
    pub(crate) price: Money,
}

/// `Team` came last, without a new version: no row of the past names it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) enum Plan {
    Basic,
    Plus,
    Team,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct Money {
    pub(crate) cents: i64,
    pub(crate) currency: Currency,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) enum Currency {
    Eur,
    Usd,
}

/// Release 1 charged whole euros.
#[derive(Debug, Deserialize, Schema)]
pub(crate) struct StartedV1 {
    pub(crate) email: String,
    pub(crate) plan: String,
    pub(crate) price: u32,
}

/// Release 2 had money, and plans that were still any text.
#[derive(Debug, Deserialize, Schema)]
pub(crate) struct StartedV2 {
    pub(crate) email: String,
    pub(crate) plan: String,
    pub(crate) price: Money,
}

impl From<StartedV1> for StartedV2 {
    fn from(old: StartedV1) -> Self {
        let StartedV1 { email, plan, price } = old;
        Self { email, plan, price: Money { cents: i64::from(price) * 100, currency: Currency::Eur } }
    }
}

/// A plan that no release has ever sold.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("there is no plan `{0}`")]
pub(crate) struct UnknownPlan(String);

impl TryFrom<StartedV2> for Started {
    type Error = UnknownPlan;

    fn try_from(old: StartedV2) -> Result<Self, UnknownPlan> {
        let StartedV2 { email, plan, price } = old;
        let plan = match plan.as_str() {
            "basic" => Plan::Basic,
            "plus" | "premium" => Plan::Plus,
            _ => return Err(UnknownPlan(plan)),
        };
        Ok(Self { email, plan, price })
    }
}
