// From now on a refund is always stated, if only as zero. It was not, in the rows of the past.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "subscription", retired("subscription.paused", versions = 1..=1))]
pub(crate) enum SubscriptionEvent {
    #[event(version = 3, upcast(1 = StartedV1, 2 = StartedV2))]
    Started(Started),
    Renewed {
        price: Money,
    },
    Cancelled {
        reason: String,
        refund: Money,
    },
}
