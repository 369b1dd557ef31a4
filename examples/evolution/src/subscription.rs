//! A subscription, as today's release sees it: folded from events that three releases have written.

use eventsourcing::{Aggregate, Apply, Schema};
use serde::{Deserialize, Serialize};

use crate::events::{Plan, Started, SubscriptionEvent};

/// Knows one event type and no version of it: older rows have become today's events before they come here.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize, Schema, Aggregate)]
#[aggregate(event = SubscriptionEvent, id = String, category = "subscription", snapshot(every = 2, version = 1))]
pub(crate) struct Subscription {
    pub(crate) active: bool,
    pub(crate) paid_cents: i64,
    pub(crate) plan: Option<Plan>,
}

impl Apply<SubscriptionEvent> for Subscription {
    fn apply(&mut self, event: &SubscriptionEvent) {
        match event {
            SubscriptionEvent::Started(Started { plan, price, .. }) => {
                self.active = true;
                self.paid_cents += price.cents;
                self.plan = Some(*plan);
            }
            SubscriptionEvent::Renewed { price } => self.paid_cents += price.cents,
            SubscriptionEvent::Cancelled { refund, .. } => {
                self.active = false;
                self.paid_cents -= refund.map_or(0, |refund| refund.cents);
            }
        }
    }
}
