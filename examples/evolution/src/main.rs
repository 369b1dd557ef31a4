//! Events that outlive their shapes: three releases of one program write into one store, and the last reads it all.
//!
//! `events` is what a real crate has: the types of today, and a small type for each older version. `past` stands in for
//! the binaries of the earlier releases.

mod events;
mod past;
mod subscription;
#[cfg(test)]
mod tests;

use std::{error::Error, time::Duration};

use eventsourcing::{
    ExpectedVersion, HistoryError, LoadError, PgOptions, PgStore, ReadError, Recorded, StreamId, StreamVersion,
    Unreadable, codec::DecodeError, testing::database_url_or_private,
};
use sqlx::Row;

use crate::{
    events::{Currency, Money, Plan, Started, SubscriptionEvent},
    past::{release_1, release_2},
    subscription::Subscription,
};

eventsourcing::events_lock!(SubscriptionEvent);

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

const TEN_EUROS: Money = Money { cents: 1_000, currency: Currency::Eur };

#[tokio::main]
async fn main() -> Result<()> {
    let store = connect().await?;
    // Before the first request: is there anything in the store that this release cannot read?
    store.verify_history::<SubscriptionEvent>().await?;
    // Other subscriptions at each run.
    let run = std::process::id();
    let [ada, grace, alan] = ["ada", "grace", "alan"].map(|name| format!("{name}-{run}"));

    example_three_releases_write(&store, &ada).await?;
    example_today_reads_all_versions(&store, &ada).await?;
    example_a_snapshot_is_rebuilt(&store, &grace).await?;
    example_a_step_that_fails(&store, &alan).await?;
    example_a_release_that_came_back(&store, &ada).await?;
    Ok(())
}

/// A store with tables of its own, so that no other program's events are in it.
async fn connect() -> Result<PgStore> {
    let store = PgStore::connect_with(&database_url_or_private()?, PgOptions::new().schema("evolution")).await?;
    store.migrate().await?;
    Ok(store)
}

/// Each release appends to the stream of one subscription, in the shapes of its time.
async fn example_three_releases_write(store: &PgStore, id: &str) -> Result<()> {
    let stream = StreamId::new("subscription", id)?;

    let first = store.stream::<release_1::SubscriptionEvent>(stream.clone());
    let started =
        release_1::SubscriptionEvent::Started { email: format!("{id}@example.org"), plan: "premium".into(), price: 10 };
    let paused = release_1::SubscriptionEvent::Paused { until: Some("spring".into()) };
    first.append(ExpectedVersion::NoStream, [started, paused]).await?;

    let second = store.stream::<release_2::SubscriptionEvent>(stream.clone());
    let plan = "basic".to_owned();
    let started = release_2::Started { email: format!("{id}@example.org"), plan, price: TEN_EUROS };
    let cancelled = release_2::SubscriptionEvent::Cancelled { reason: "moved abroad".into() };
    let again = [release_2::SubscriptionEvent::Started(started), cancelled];
    second.append(ExpectedVersion::StreamExists, again).await?;

    let today = store.stream::<SubscriptionEvent>(stream);
    let started = Started { email: format!("{id}@example.org"), plan: Plan::Team, price: TEN_EUROS };
    let cancelled = SubscriptionEvent::Cancelled { reason: "too expensive".into(), refund: Some(TEN_EUROS) };
    today.append(ExpectedVersion::StreamExists, [SubscriptionEvent::Started(started), cancelled]).await?;
    Ok(())
}

/// Whatever release wrote a row, it is read as today's type.
async fn example_today_reads_all_versions(store: &PgStore, id: &str) -> Result<()> {
    let events = read_all(store, id).await?;
    for Recorded { stream_id, version, event, .. } in &events {
        println!("{stream_id} {version}: {event:?}");
    }

    let started =
        |plan| SubscriptionEvent::Started(Started { email: format!("{id}@example.org"), plan, price: TEN_EUROS });
    let cancelled = |reason: &str, refund| SubscriptionEvent::Cancelled { reason: reason.to_owned(), refund };
    let seen: Vec<_> = events.into_iter().map(|recorded| (recorded.version.get(), recorded.event)).collect();
    // Event 2 is the pause, which is retired: it keeps its place in the stream and is not delivered.
    let expected = [
        (1, started(Plan::Plus)),
        (3, started(Plan::Basic)),
        (4, cancelled("moved abroad", None)),
        (5, started(Plan::Team)),
        (6, cancelled("too expensive", Some(TEN_EUROS))),
    ];
    assert_eq!(seen, expected);

    let root = store.repository::<Subscription>().load(&id.to_owned()).await?;
    assert_eq!(root.version().map(StreamVersion::get), Some(6), "retired events count");
    assert_eq!(*root, Subscription { active: false, paid_cents: 2_000, plan: Some(Plan::Team) });
    Ok(())
}

/// The second release cached its state. Today's state has another schema, so that snapshot is as good as none.
async fn example_a_snapshot_is_rebuilt(store: &PgStore, id: &str) -> Result<()> {
    let id = id.to_owned();
    let before = store.repository::<release_2::Subscription>();
    let mut root = before.load(&id).await?;
    let started = release_2::Started { email: "grace@example.org".into(), plan: "basic".into(), price: TEN_EUROS };
    root.record(release_2::SubscriptionEvent::Started(started));
    root.record(release_2::SubscriptionEvent::Renewed { price: TEN_EUROS });
    before.save(&mut root).await?;
    let cached = snapshot(store, &id, root.version()).await?;

    // Read by serde alone, the old snapshot would be a subscription without a plan.
    let today = store.repository::<Subscription>();
    let mut root = today.load(&id).await?;
    assert_eq!(*root, Subscription { active: true, paid_cents: 2_000, plan: Some(Plan::Basic) });

    root.record(SubscriptionEvent::Renewed { price: TEN_EUROS });
    today.save(&mut root).await?;
    let rebuilt = snapshot(store, &id, root.version()).await?;
    println!("snapshot of release 2: {}\nsnapshot of today:     {}", cached.state, rebuilt.state);
    assert_ne!(cached.fingerprint, rebuilt.fingerprint);
    assert_eq!(rebuilt.state, r#"{"active":true,"paid_cents":3000,"plan":"Basic"}"#);
    assert_eq!(today.load(&id).await?.paid_cents, 3_000);
    Ok(())
}

/// Release 1 took any text for a plan. One that today's code has no answer for is an error that says where it stands.
async fn example_a_step_that_fails(store: &PgStore, id: &str) -> Result<()> {
    let stream = store.stream::<release_1::SubscriptionEvent>(StreamId::new("subscription", id)?);
    let plan = "lifetime".to_owned();
    let started = release_1::SubscriptionEvent::Started { email: format!("{id}@example.org"), plan, price: 500 };
    let appended = stream.append(ExpectedVersion::NoStream, [started]).await?;

    let Err(error) = read_all(store, id).await else { panic!("nothing sells a lifetime") };
    println!("{error}");
    let ReadError::Decode { version, position, tag, source, .. } = error else { panic!("the store works") };
    assert_eq!(
        (Some(version), Some(position), tag.as_str()),
        (appended.version, appended.position, "subscription.started")
    );
    let DecodeError::Upcast { source, .. } = source else { panic!("its shape is that of version 1") };
    assert_eq!(source.to_string(), "there is no plan `lifetime`");
    Ok(())
}

/// Had the third release to be taken back, the second would learn at its start what it cannot read.
async fn example_a_release_that_came_back(store: &PgStore, id: &str) -> Result<()> {
    store.verify_history::<SubscriptionEvent>().await?;
    let verified = store.verify_history::<release_2::SubscriptionEvent>().await;
    let Err(HistoryError::Unreadable(history)) = verified else { panic!("release 3 has written by now") };
    println!("release 2 would say: {history}");
    let [only] = history.types.as_slice() else { panic!("one event has got a new version since") };
    assert_eq!((only.stored.tag.as_str(), only.stored.schema_version.get()), ("subscription.started", 3));
    assert!(matches!(only.reason, Unreadable::NewerVersion { newest } if newest.get() == 2));

    // Run all the same, it stops where it would have to guess.
    let Err(error) = store.repository::<release_2::Subscription>().load(&id.to_owned()).await else {
        panic!("release 3 has written into this stream")
    };
    println!("{error}");
    assert!(matches!(error, LoadError::Read(ReadError::Decode { version, .. }) if version.get() == 5));
    Ok(())
}

async fn read_all(store: &PgStore, id: &str) -> Result<Vec<Recorded<SubscriptionEvent>>, ReadError> {
    let stream_id = StreamId::new("subscription", id).expect("an id of this program is one of a stream");
    let mut events = store.stream::<SubscriptionEvent>(stream_id).read();
    let mut all = Vec::new();
    while let Some(recorded) = events.next().await {
        all.push(recorded?);
    }
    Ok(all)
}

/// A row of the store's table of snapshots.
struct Snapshot {
    fingerprint: i64,
    state: String,
}

/// The snapshot at this version, once it is there: a save answers before its snapshot is stored.
async fn snapshot(store: &PgStore, id: &str, version: Option<StreamVersion>) -> Result<Snapshot> {
    let query = "select fingerprint, state::text from evolution.snapshots where stream_id = $1 and version = $2";
    loop {
        let query = sqlx::query(query).bind(format!("subscription/{id}")).bind(version.map(StreamVersion::get));
        match query.fetch_optional(store.pool()).await? {
            Some(row) => return Ok(Snapshot { fingerprint: row.get(0), state: row.get(1) }),
            None => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}
