//! G3 and G6 over crashes: the server stops at once, without writing anything more, and comes back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use eventsourcing::{
    After, Event, ExpectedVersion, GlobalPosition, PgStore, StreamId,
    testing::{ClusterOptions, PrivateCluster},
};
use sqlx::{Connection, PgConnection, Row, raw_sql};
use tokio::{sync::mpsc, task::JoinSet};

use crate::support::patiently;

const WRITERS: u32 = 6;
const CRASHES: usize = 3;
/// How many events are acknowledged between two crashes, at least.
const EVENTS: usize = 400;

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "entry", crate = "eventsourcing", unlocked)]
enum Entry {
    Made { writer: u32, number: u32 },
    Ended,
}

/// A server that flushes its commits, and writes nothing else to disk by itself.
fn durable_cluster() -> PrivateCluster {
    ClusterOptions::new().durable().setting("wal_writer_delay", "10s").start().unwrap()
}

async fn store_on(cluster: &PrivateCluster) -> PgStore {
    let store = PgStore::connect(&cluster.url("postgres")).await.unwrap();
    store.migrate().await.unwrap();
    store
}

fn crash_and_restart(cluster: &PrivateCluster) {
    cluster.stop_immediate().unwrap();
    cluster.restart().unwrap();
}

/// Appends one event after the other and reports each one that is acknowledged; after an error, goes on with the next.
async fn write(
    store: PgStore,
    writer: u32,
    ends: Arc<AtomicBool>,
    acknowledged: mpsc::UnboundedSender<GlobalPosition>,
) {
    let stream = store.stream::<Entry>(StreamId::new("entry", writer).unwrap());
    for number in 0.. {
        if ends.load(Ordering::SeqCst) {
            return;
        }
        if let Ok(appended) = stream.append(ExpectedVersion::Any, [Entry::Made { writer, number }]).await {
            acknowledged.send(appended.position.unwrap()).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_event_is_lost_and_subscriptions_go_on() {
    let cluster = durable_cluster();
    let store = store_on(&cluster).await;
    let mut subscription = store.all::<Entry>().subscribe(After::Start).await.unwrap();
    let subscriber = tokio::spawn(async move {
        let mut seen = Vec::new();
        loop {
            let recorded = subscription.next().await.unwrap();
            seen.push(recorded.position);
            if recorded.event == Entry::Ended {
                return seen;
            }
        }
    });

    let (sender, mut receiver) = mpsc::unbounded_channel();
    let ends = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(write(store.clone(), writer, Arc::clone(&ends), sender.clone()));
    }
    drop(sender);
    let mut acknowledged = Vec::new();
    for _ in 0..CRASHES {
        for _ in 0..EVENTS {
            acknowledged.push(patiently(receiver.recv()).await.unwrap());
        }
        crash_and_restart(&cluster);
    }
    ends.store(true, Ordering::SeqCst);
    patiently(writers.join_all()).await;
    while let Some(position) = receiver.recv().await {
        acknowledged.push(position);
    }
    let end = store.stream::<Entry>(StreamId::new("entry", "end").unwrap());
    end.append(ExpectedVersion::Any, [Entry::Ended]).await.unwrap();

    let seen = patiently(subscriber).await.unwrap();
    let rows = sqlx::query("select position from eventsourcing.events order by position");
    let rows = rows.fetch_all(store.pool()).await.unwrap();
    let log: Vec<_> = rows.iter().map(|row| GlobalPosition::new(row.get(0)).unwrap()).collect();
    assert_eq!(seen, log, "the subscriber saw each event of the log once, in order");
    acknowledged.sort_unstable();
    acknowledged.dedup();
    assert!(acknowledged.iter().all(|position| log.binary_search(position).is_ok()), "an acknowledged event is lost");
    assert!(acknowledged.len() >= CRASHES * EVENTS, "a position was acknowledged twice");
}

/// Positions above the last committed event are handed out again after a crash, so no cursor may stand there.
#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_is_never_ahead_of_the_committed_log() {
    let cluster = durable_cluster();
    let store = store_on(&cluster).await;
    let stream = store.stream::<Entry>(StreamId::new("entry", 1).unwrap());
    let made = |number| Entry::Made { writer: 0, number };
    stream.append(ExpectedVersion::Any, [made(1)]).await.unwrap();
    // Without its row, nobody writes down how far the log is settled: that would take to the disk what came before it.
    raw_sql("delete from eventsourcing.settled").execute(store.pool()).await.unwrap();
    raw_sql("checkpoint").execute(store.pool()).await.unwrap();

    // Draws positions of which the last do not reach the disk: a rollback waits for nothing, and so little is written here that
    // the server does not write it out by itself.
    let draw = "begin; select nextval('eventsourcing.events_position') from generate_series(1, 500); rollback";
    raw_sql(draw).execute(store.pool()).await.unwrap();
    let mut subscription = store.all::<Entry>().subscribe(After::End).await.unwrap();
    let handed_out = last_position(&cluster).await;

    crash_and_restart(&cluster);
    let again = last_position(&cluster).await;
    assert!(again < handed_out, "the crash lost no positions, so this run has shown nothing");
    let appended = loop {
        // The pool finds out about the crash connection by connection.
        if let Ok(appended) = stream.append(ExpectedVersion::Any, [made(2)]).await {
            break appended;
        }
    };
    let next = tokio::time::timeout(Duration::from_secs(30), subscription.next()).await;
    let recorded = next.expect("the event is delivered").expect("the cursor is not ahead of the log");
    assert_eq!((Some(recorded.position), recorded.event), (appended.position, made(2)));
}

async fn last_position(cluster: &PrivateCluster) -> i64 {
    let mut connection = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
    let row = sqlx::query("select last_value from eventsourcing.events_position").fetch_one(&mut connection);
    row.await.unwrap().get(0)
}
