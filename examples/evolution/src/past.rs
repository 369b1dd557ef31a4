//! The event types of the earlier releases, as their binaries had them.
//!
//! A real crate keeps none of this: `events.lock` remembers the shapes. They are here so that the program can write
//! what those binaries wrote, and are `unlocked`, because their tags belong to today's type.

/// The first release: whole euros, any text as a plan.
pub(crate) mod release_1 {
    use eventsourcing::Event;

    #[derive(Debug, Clone, PartialEq, Event)]
    #[event(prefix = "subscription", unlocked)]
    pub(crate) enum SubscriptionEvent {
        Started { email: String, plan: String, price: u32 },
        Paused { until: Option<String> },
        Cancelled { reason: String },
    }
}

/// The second release: money instead of euros, renewals, and an aggregate with snapshots.
pub(crate) mod release_2 {
    use eventsourcing::{Aggregate, Apply, Event, Schema};
    use serde::{Deserialize, Serialize};

    use crate::events::{Money, StartedV1, StartedV2};

    #[derive(Debug, Clone, PartialEq, Event)]
    #[event(prefix = "subscription", unlocked)]
    pub(crate) enum SubscriptionEvent {
        #[event(version = 2, upcast(1 = StartedV1))]
        Started(Started),
        Paused {
            until: Option<String>,
        },
        Renewed {
            price: Money,
        },
        Cancelled {
            reason: String,
        },
    }

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
    pub(crate) struct Started {
        pub(crate) email: String,
        pub(crate) plan: String,
        pub(crate) price: Money,
    }

    impl From<StartedV1> for Started {
        fn from(old: StartedV1) -> Self {
            let StartedV2 { email, plan, price } = old.into();
            Self { email, plan, price }
        }
    }

    /// Today's aggregate knows the plan as well. A snapshot of this one would pass for a subscription without a plan.
    #[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, Schema, Aggregate)]
    #[aggregate(
        event = SubscriptionEvent, id = String, category = "subscription", snapshot(every = 2, version = 1)
    )]
    pub(crate) struct Subscription {
        pub(crate) active: bool,
        pub(crate) paid_cents: i64,
    }

    impl Apply<SubscriptionEvent> for Subscription {
        fn apply(&mut self, event: &SubscriptionEvent) {
            match event {
                SubscriptionEvent::Started(Started { price, .. }) => {
                    self.active = true;
                    self.paid_cents += price.cents;
                }
                SubscriptionEvent::Renewed { price } => self.paid_cents += price.cents,
                SubscriptionEvent::Paused { .. } | SubscriptionEvent::Cancelled { .. } => self.active = false,
            }
        }
    }
}
