// Three mistakes in one afternoon: each has its own message.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "subscription")]
pub(crate) enum SubscriptionEvent {
    #[event(version = 3, upcast(1 = StartedV1, 2 = StartedV2))]
    Started(Started),
    Renewed {
        price: i64,
    },
    Cancelled {
        because: String,
        refund: Option<Money>,
    },
}
