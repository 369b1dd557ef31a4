// Renewals are recorded by another service now, and the variant goes, without a word about those that are stored.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "subscription", retired("subscription.paused", versions = 1..=1))]
pub(crate) enum SubscriptionEvent {
    #[event(version = 3, upcast(1 = StartedV1, 2 = StartedV2))]
    Started(Started),
    Cancelled {
        reason: String,
        refund: Option<Money>,
    },
}
