// The word that pauses are retired was tidied away: nothing in the code seemed to need it.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "subscription")]
pub(crate) enum SubscriptionEvent {
    #[event(version = 3, upcast(1 = StartedV1, 2 = StartedV2))]
    Started(Started),
    Renewed {
        price: Money,
    },
    Cancelled {
        reason: String,
        refund: Option<Money>,
    },
}
