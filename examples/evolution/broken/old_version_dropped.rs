// All customers of the first release are gone, says somebody. Their events are not.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "subscription", retired("subscription.paused", versions = 1..=1))]
pub(crate) enum SubscriptionEvent {
    #[event(version = 3, upcast(2 = StartedV2))]
    Started(Started),
    Renewed {
        price: Money,
    },
    Cancelled {
        reason: String,
        refund: Option<Money>,
    },
}
