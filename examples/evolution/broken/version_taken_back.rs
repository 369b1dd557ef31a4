// Release 3 is reverted, and its types with it. What it has stored in the meantime stays stored.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "subscription", retired("subscription.paused", versions = 1..=1))]
pub(crate) enum SubscriptionEvent {
    #[event(version = 2, upcast(1 = StartedV1))]
    Started(StartedV2),
    Renewed {
        price: Money,
    },
    Cancelled {
        reason: String,
        refund: Option<Money>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct StartedV2 {
    pub(crate) email: String,
    pub(crate) plan: String,
    pub(crate) price: Money,
}
