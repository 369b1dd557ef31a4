//! `verify_history` names what a store holds and the code cannot read, however it came to be stored.

use eventsourcing::{
    Aggregate, AppendBatch, Apply, Encoded, Event,
    ExpectedVersion::{self, Any, NoStream},
    GlobalPosition, HistoryError, NewEvent, PgOptions, PgStore, Postgres, Schema, SchemaVersion, StoreError, Tag,
    Unreadable, UnreadableHistory,
    port::{Administration, Append},
};
use serde::{Deserialize, Serialize};
use sqlx::raw_sql;

use crate::support::{
    TestDb,
    port::{id, run},
    proxy::Proxy,
};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(
    prefix = "card",
    unlocked,
    retired("card.blocked", versions = 2..=3),
    retired("card.lost", versions = 1..=1)
)]
enum CardEvent {
    Issued,
    #[event(version = 3, upcast(1 = Limit, 2 = Limit))]
    Limited(Limit),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Limit {
    cents: i64,
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "loan", unlocked)]
enum LoanEvent {
    Granted {
        cents: i64,
    },
    #[event(nested)]
    Card(CardEvent),
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "bank", unlocked)]
enum BankEvent {
    Founded,
    #[event(nested)]
    Loan(LoanEvent),
}

#[derive(Debug, Default, Aggregate)]
#[aggregate(event = LoanEvent, id = u32, category = "loan")]
struct Loan;

impl Apply<LoanEvent> for Loan {
    fn apply(&mut self, _: &LoanEvent) {}
}

/// Stores one event of each of these tags and versions, in this order, as some other release would.
async fn hold(store: &PgStore, types: &[(&'static str, u16)]) {
    let events = types.iter().map(|&(tag, version)| {
        let schema_version = SchemaVersion::new(version).unwrap();
        NewEvent::new(Encoded::new(Tag::from_static(tag), schema_version, b"null".to_vec()))
    });
    let append = Append::new(id("held/1"), Any, events.collect());
    run(store.backend(), &append).await.unwrap();
}

fn version(number: u16) -> SchemaVersion {
    SchemaVersion::new(number).unwrap()
}

fn unreadable(result: Result<(), HistoryError>) -> UnreadableHistory {
    match result {
        Err(HistoryError::Unreadable(history)) => history,
        other => panic!("nothing unreadable: {other:?}"),
    }
}

/// What `E` cannot read: tag, version, position of the first, and why.
async fn unreadable_as<E: Event>(store: &PgStore) -> Vec<(String, u16, i64, Unreadable)> {
    let history = unreadable(store.verify_history::<E>().await);
    let types = history.types.into_iter();
    types
        .map(|of| {
            let stored = of.stored;
            (stored.tag.to_string(), stored.schema_version.get(), stored.first_position.get(), of.reason)
        })
        .collect()
}

#[tokio::test]
async fn a_store_without_events_is_readable() {
    let db = TestDb::new().await;
    db.store().verify_history::<BankEvent>().await.unwrap();
}

#[tokio::test]
async fn every_version_up_to_the_newest_known_is_readable_and_so_is_what_is_retired_or_nested() {
    let db = TestDb::new().await;
    let store = db.store();
    let cards =
        [("card.issued", 1), ("card.limited", 2), ("card.limited", 3), ("card.limited", 1), ("card.blocked", 3)];
    hold(&store, &cards).await;
    hold(&store, &[("card.blocked", 2), ("card.lost", 1)]).await;
    store.verify_history::<CardEvent>().await.unwrap();
    store.verify_history::<LoanEvent>().await.unwrap();
    hold(&store, &[("loan.granted", 1), ("bank.founded", 1)]).await;
    store.verify_history::<BankEvent>().await.unwrap();
    let unknown = Unreadable::UnknownTag;
    let loans = unreadable_as::<LoanEvent>(&store).await;
    assert_eq!(loans, [("bank.founded".to_owned(), 1, 9, unknown)]);
    let cards = unreadable_as::<CardEvent>(&store).await;
    assert_eq!(cards, [("bank.founded".to_owned(), 1, 9, unknown), ("loan.granted".to_owned(), 1, 8, unknown)]);
}

#[tokio::test]
async fn what_cannot_be_read_is_named_with_the_reason_at_any_depth() {
    let db = TestDb::new().await;
    let store = db.store();
    let (first, last) = (version(2), version(3));
    let cases = [
        ("card.issued", 2, Unreadable::NewerVersion { newest: version(1) }),
        ("card.limited", 4, Unreadable::NewerVersion { newest: version(3) }),
        ("card.limited", 65_535, Unreadable::NewerVersion { newest: version(3) }),
        ("card.blocked", 1, Unreadable::OutsideRetired { first, last }),
        ("card.blocked", 4, Unreadable::OutsideRetired { first, last }),
        ("card.lost", 2, Unreadable::OutsideRetired { first: version(1), last: version(1) }),
        ("card", 1, Unreadable::UnknownTag),
        ("card.Issued", 1, Unreadable::UnknownTag),
        ("card.issued.twice", 1, Unreadable::UnknownTag),
    ];
    let mut expected = Vec::new();
    for (position, (tag, number, reason)) in (1..).zip(cases) {
        hold(&store, &[(tag, number)]).await;
        expected.push((tag.to_owned(), number, position, reason));
    }
    hold(&store, &[("card.issued", 1), ("card.issued", 2)]).await;
    expected.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    assert_eq!(unreadable_as::<CardEvent>(&store).await, expected);
    assert_eq!(unreadable_as::<BankEvent>(&store).await, expected);
}

#[tokio::test]
async fn the_message_says_what_to_do() {
    let db = TestDb::new().await;
    let store = db.store();
    hold(&store, &[("card.limited", 4), ("card.lost", 3), ("card.issued", 1), ("order\"s", 2)]).await;
    let error = store.verify_history::<CardEvent>().await.unwrap_err();
    let lines = [
        "the store holds events that this program cannot read:",
        "- `card.limited` in version 4, first at position 1: the newest version known here is 3, so a newer release has \
         written it; run a release that has version 4",
        "- `card.lost` in version 3, first at position 2: it is retired here for the versions 1 to 1 only; run a release \
         that has version 3, or, if nothing writes it any more, let the `versions` of `retired` include it",
        "- `order\"s` in version 2, first at position 4: no event here has this tag; add its event type with \
         `#[event(nested)]` (to a catalog, with `events_lock!`), or, if nothing writes it any more, `#[event(retired(\"order\\\"s\", versions = 1..=2))]`",
    ];
    assert_eq!(error.to_string(), lines.join("\n"));
}

/// By each way in which typed events are stored.
#[tokio::test]
async fn events_are_seen_however_they_are_stored() {
    let db = TestDb::new().await;
    let store = db.store();
    let seen = async || match store.verify_history::<BankEvent>().await {
        Ok(()) => Vec::new(),
        result => unreadable(result).types.into_iter().map(|of| of.stored.tag.to_string()).collect(),
    };
    macro_rules! stored_as {
        ($tag:literal, |$event:ident| $store:expr) => {{
            #[derive(Debug, Clone, PartialEq, Event)]
            #[event(tag = $tag, unlocked)]
            struct $event;
            $store;
            assert!(seen().await.contains(&$tag.to_owned()), $tag);
        }};
    }
    stored_as!("1.alone", |Alone| store.stream::<Alone>(id("a/1")).append(NoStream, [Alone]).await.unwrap());
    stored_as!("2.batch", |Batched| {
        let mut batch = AppendBatch::new();
        batch.add(id("b/1"), NoStream, [Batched]).unwrap();
        batch.add(id("b/2"), NoStream, [BankEvent::Founded]).unwrap();
        store.append_batch(batch).await.unwrap();
    });
    stored_as!("3.callers", |Callers| {
        let mut transaction = db.pool().begin().await.unwrap();
        let mut inside = store.in_transaction(&mut transaction);
        inside.stream::<Callers>(id("c/1")).append(NoStream, [Callers]).await.unwrap();
        transaction.commit().await.unwrap();
    });
    stored_as!("4.begun", |Begun| {
        let mut transaction = store.begin().await.unwrap();
        transaction.stream::<Begun>(id("d/1")).append(NoStream, [Begun]).await.unwrap();
        transaction.commit().await.unwrap();
    });
    let mut root = store.repository::<Loan>().load(&1).await.unwrap();
    root.record(LoanEvent::Granted { cents: 1 });
    store.repository::<Loan>().save(&mut root).await.unwrap();
    assert_eq!(seen().await, ["1.alone", "2.batch", "3.callers", "4.begun"]);
    let types: Vec<_> = store.backend().stored_types().await.unwrap();
    let tags: Vec<_> = types.iter().map(|of| of.tag.as_str()).collect();
    assert_eq!(tags[4..], ["bank.founded", "loan.granted"]);
}

/// A batch of which one append is refused is rolled back.
#[tokio::test]
async fn a_refused_batch_leaves_nothing_to_read() {
    #[derive(Debug, Clone, PartialEq, Event)]
    #[event(tag = "refused", unlocked)]
    struct Refused;
    let db = TestDb::new().await;
    let store = db.store();
    let batch = |expected: ExpectedVersion| {
        let mut batch = AppendBatch::new();
        batch.add(id("b/1"), Any, [Refused]).unwrap();
        batch.add(id("b/2"), expected, [BankEvent::Founded]).unwrap();
        batch
    };
    store.append_batch(batch(ExpectedVersion::StreamExists)).await.unwrap_err();
    store.verify_history::<BankEvent>().await.unwrap();
    assert!(store.backend().stored_types().await.unwrap().is_empty());
    store.append_batch(batch(NoStream)).await.unwrap();
    let history = unreadable(store.verify_history::<BankEvent>().await);
    assert_eq!(history.types[0].stored.first_position, GlobalPosition::new(2).unwrap());
}

/// One statement, which names no table of events; and it does without one.
#[tokio::test]
async fn the_log_is_never_read() {
    let db = TestDb::new().await;
    let proxy = Proxy::before(db.options());
    let store = PgStore::over(Postgres::connect(&proxy.url(), PgOptions::new().max_connections(1)).await.unwrap());
    hold(&store, &[("bank.founded", 1)]).await;
    store.verify_history::<BankEvent>().await.unwrap();
    proxy.take();
    store.verify_history::<BankEvent>().await.unwrap();
    // Whether a transaction is open on a connection is asked when it comes back.
    let sql = proxy.take().into_iter().flat_map(|trip| trip.sql).filter(|sql| sql != "select");
    let sql: Vec<String> = sql.collect();
    let statement = store.backend().statements().find(|(name, _)| *name == "event_types").unwrap().1;
    assert_eq!(sql, [statement]);
    assert!(!statement.contains(".events"), "{statement}");
    raw_sql("alter table eventsourcing.events rename to elsewhere").execute(db.pool()).await.unwrap();
    store.verify_history::<BankEvent>().await.unwrap();
    store.stream::<BankEvent>(id("a/1")).append(Any, [BankEvent::Founded]).await.expect_err("there is no log");
}

#[tokio::test]
async fn a_store_that_fails_is_no_history() {
    let db = TestDb::unmigrated().await;
    let error = db.store().verify_history::<BankEvent>().await.unwrap_err();
    assert!(matches!(error, HistoryError::Store(StoreError::Unfit { .. })), "{error:?}");
    assert!(error.to_string().contains("`migrate()`"), "{error}");
}
