// A better name for the variant, and with it another tag.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "subscription", retired("subscription.paused", versions = 1..=1))]
pub(crate) enum SubscriptionEvent {
    #[event(version = 3, upcast(1 = StartedV1, 2 = StartedV2))]
    Started(Started),
    Prolonged {
        price: Money,
    },
    Cancelled {
        reason: String,
        refund: Option<Money>,
    },
}
