//! Readers after a failover to a standby that had not received everything.

use eventsourcing::{
    After, Event, ExpectedVersion, GlobalPosition, PgStore, Postgres, StoreError, StreamId, Subscription,
    SubscriptionError,
    testing::{ClusterOptions, PrivateCluster},
};

use crate::support::{patiently, proxy::Proxy, standby::Standby};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "order", crate = "eventsourcing", unlocked)]
enum Order {
    Placed { number: u32 },
}

async fn place(store: &PgStore, count: u32) -> GlobalPosition {
    let events = (0..count).map(|number| Order::Placed { number });
    loop {
        // The pool finds out about a failover connection by connection.
        let stream = store.stream::<Order>(StreamId::new("order", 1).unwrap());
        if let Ok(appended) = stream.append(ExpectedVersion::Any, events.clone()).await {
            return appended.position.unwrap();
        }
    }
}

async fn read(subscription: &mut Subscription<Order, Postgres>, until: GlobalPosition) {
    while patiently(subscription.next()).await.unwrap().position < until {}
}

fn store_error(error: SubscriptionError) -> StoreError {
    match error {
        SubscriptionError::Store(error) => error,
        error => panic!("{error}"),
    }
}

/// A primary with five events that its standby has, and three that it lacks.
struct Lagging {
    standby: Standby,
    primary: PrivateCluster,
    proxy: Proxy,
    store: PgStore,
    /// Has read what both have.
    behind: Subscription<Order, Postgres>,
    common: GlobalPosition,
    lost: GlobalPosition,
}

impl Lagging {
    async fn new() -> Self {
        let primary = ClusterOptions::new().durable().start().unwrap();
        let proxy = Proxy::before(&primary.url("postgres").parse().unwrap());
        let store = PgStore::connect(&proxy.url()).await.unwrap();
        store.migrate().await.unwrap();
        let standby = Standby::of(&primary.url("postgres").parse().unwrap()).await;
        let common = place(&store, 5).await;
        let mut behind = store.all().subscribe(After::Start).await.unwrap();
        read(&mut behind, common).await;
        standby
            .until("select count(*) = 5 and (select timeline is not null from eventsourcing.settled) from eventsourcing.events")
            .await;
        standby.cut_off().await;
        let lost = place(&store, 3).await;
        Self { standby, primary, proxy, store, behind, common, lost }
    }

    async fn fail_over(&self) {
        self.primary.stop_immediate().unwrap();
        self.standby.promote().await;
        self.proxy.lead_to(self.standby.options());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_of_events_that_are_lost_is_told_and_others_go_on() {
    let mut lagging = Lagging::new().await;
    let (store, common, lost) = (lagging.store.clone(), lagging.common, lagging.lost);
    let mut ahead = store.all::<Order>().subscribe(After::Start).await.unwrap();
    read(&mut ahead, lost).await;
    let mut ahead_as_well = store.all::<Order>().subscribe(After::Position(lost)).await.unwrap();
    lagging.fail_over().await;

    let error = store_error(patiently(ahead.next()).await.unwrap_err());
    assert!(
        matches!(error, StoreError::CheckpointAhead { checkpoint, end } if checkpoint == lost && end == Some(common)),
        "{error}"
    );
    // The standby's sequence is ahead of its log, by more than what was lost.
    let stored = store.all::<Order>().subscribe(After::Position(lost)).await;
    assert!(matches!(store_error(stored.unwrap_err()), StoreError::CheckpointAhead { .. }));

    let new = place(&store, 1).await;
    assert!(new > lost, "{new} is above what was lost, or this shows nothing");
    let error = store_error(patiently(ahead_as_well.next()).await.unwrap_err());
    assert!(matches!(error, StoreError::CheckpointDiverged { checkpoint } if checkpoint == lost), "{error}");
    let stored = store.all::<Order>().subscribe(After::Position(lost)).await;
    assert!(matches!(store_error(stored.unwrap_err()), StoreError::CheckpointDiverged { .. }));

    assert_eq!(patiently(lagging.behind.next()).await.unwrap().position, new);
    let mut stored = store.all::<Order>().subscribe(After::Position(common)).await.unwrap();
    assert_eq!(patiently(stored.next()).await.unwrap().position, new);
}
