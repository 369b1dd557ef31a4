// Refunds are not wanted any more, and the field goes. There are cancellations with one in the store.
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
    },
}
