//! Rows that no release would have written, as an older table let them in: they concern those they are for, say where they
//! stand, and are skipped or not as an event is that cannot be decoded.

use eventsourcing::{
    After, Category, Delivery, Event, ExpectedVersion, OnUndecodable, PgStore, ReadError, Subscription,
    SubscriptionError,
};
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Row, raw_sql};

use crate::support::{
    TestDb,
    account::{Account, AccountEvent, account, deposits},
    patiently,
};

/// Events of others.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "other", unlocked)]
enum OtherEvent {
    Happened {},
}

/// A row that no release would have written: its stream, tag and metadata, as SQL.
struct Odd {
    stream_id: &'static str,
    tag: &'static str,
    metadata: &'static str,
}

/// What is wrong with each for a subscriber of accounts.
const ODD: [Odd; 5] = [
    Odd { stream_id: "nowhere", tag: "account.deposited", metadata: "null" },
    Odd { stream_id: "/nobody", tag: "account.deposited", metadata: "null" },
    Odd { stream_id: "account/", tag: "account.deposited", metadata: "null" },
    Odd { stream_id: "account/7", tag: "account.deposited", metadata: "'[1]'" },
    Odd { stream_id: "account/7", tag: "account.withdrawn", metadata: "'{\"amount\":1}'" },
];

/// The store, on a table that lets in what older ones did.
async fn without_checks(db: &TestDb) -> PgStore {
    let sql = "select conname::text from pg_constraint
        where conrelid = 'eventsourcing.events'::regclass and contype = 'c' and not convalidated";
    for row in sqlx::query(sql).fetch_all(db.pool()).await.unwrap() {
        let drop = format!("alter table eventsourcing.events drop constraint {}", row.get::<String, _>(0));
        raw_sql(AssertSqlSafe(drop)).execute(db.pool()).await.unwrap();
    }
    db.store()
}

/// Stores the row at the end of its stream; its version and position.
async fn insert(db: &TestDb, odd: &Odd) -> (i64, i64) {
    let sql = format!(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, metadata, payload)
         select coalesce(max(version), 0) + 1, gen_random_uuid(), 1, '{stream_id}', '{tag}', {metadata}, '{{\"cents\":1}}'
         from eventsourcing.events where stream_id = '{stream_id}'
         returning version, position",
        stream_id = odd.stream_id,
        tag = odd.tag,
        metadata = odd.metadata,
    );
    let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(db.pool()).await.unwrap();
    (row.get(0), row.get(1))
}

async fn deposit(store: &PgStore, id: u32) -> i64 {
    let appended = store.stream(account(id)).append(ExpectedVersion::Any, deposits(1)).await.unwrap();
    appended.position.unwrap().get()
}

async fn next<E: Event>(subscription: &mut Subscription<E>) -> Result<i64, SubscriptionError> {
    Ok(patiently(subscription.next()).await?.position.get())
}

/// The error names the place of the row.
fn assert_place(error: &ReadError, odd: &Odd, (version, position): (i64, i64)) {
    let ReadError::Malformed(malformed) = error else { panic!("{error}") };
    let place = (malformed.stream_id.as_str(), malformed.version.get(), malformed.position.get());
    assert_eq!(place, (odd.stream_id, version, position));
    for part in [format!("`{}`", odd.stream_id), format!("version {version}"), format!("position {position}")] {
        assert!(error.to_string().contains(&part), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_row_concerns_nobody_it_is_not_for() {
    let db = TestDb::new().await;
    let store = without_checks(&db).await;
    let others = store.category::<OtherEvent>(Category::from_static("other"));
    let streams = store.stream::<AccountEvent>(account(1));
    let mut live = others.subscribe(After::Start).await.unwrap();
    let mut one = streams.subscribe(After::Start).await.unwrap();
    assert!(matches!(patiently(live.next_delivery()).await.unwrap(), Delivery::CaughtUp));
    // It waits while the rows come.
    let (seen, position) = tokio::join!(next(&mut live), async {
        for odd in &ODD {
            insert(&db, odd).await;
        }
        deposit(&store, 1).await;
        let stream = store.stream::<OtherEvent>("other/1".parse().unwrap());
        let appended = stream.append(ExpectedVersion::Any, [OtherEvent::Happened {}]).await.unwrap();
        appended.position.unwrap().get()
    });
    let mut late = store.all::<OtherEvent>().subscribe(After::Start).await.unwrap();
    assert_eq!((seen.unwrap(), next(&mut late).await.unwrap()), (position, position));
    assert_eq!(patiently(one.next()).await.unwrap().version.get(), 1);
    let read: Vec<_> = store.all::<OtherEvent>().read().try_collect().await.unwrap();
    assert_eq!(read.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_row_says_where_it_is_and_the_policy_applies() {
    for odd in &ODD {
        let db = TestDb::new().await;
        let store = without_checks(&db).await;
        let all = store.all::<AccountEvent>();
        // Without a valid category of its own, the row is for those who read all of them.
        let in_category = odd.stream_id.starts_with("account/");
        let category = store.category::<AccountEvent>(Category::from_static("account"));
        let mut live = all.subscribe(After::Start).await.unwrap();
        let first = deposit(&store, 1).await;
        assert_eq!(next(&mut live).await.unwrap(), first);
        let place = insert(&db, odd).await;
        let last = deposit(&store, 1).await;

        let mut history = all.subscribe(After::Start).await.unwrap();
        assert_eq!(next(&mut history).await.unwrap(), first);
        for subscription in [&mut live, &mut history] {
            let SubscriptionError::Read(error) = next(subscription).await.unwrap_err() else { panic!("{}", odd.tag) };
            assert_place(&error, odd, place);
            assert_eq!(subscription.position().unwrap().get(), first, "a consumer that stops resumes before it");
            assert_eq!(next(subscription).await.unwrap(), last, "asked again, it goes on");
        }
        let mut skips = all.subscribe(After::Start).await.unwrap().on_undecodable(OnUndecodable::Skip);
        assert_eq!((next(&mut skips).await.unwrap(), next(&mut skips).await.unwrap()), (first, last));

        let mut of_category = category.subscribe(After::Start).await.unwrap();
        next(&mut of_category).await.unwrap();
        assert_eq!(next(&mut of_category).await.is_err(), in_category, "{}", odd.stream_id);

        let error = all.read().try_collect::<Vec<_>>().await.unwrap_err();
        assert_place(&error, odd, place);
    }
}

/// Whoever reads the stream of such a row hears where it stands, whatever its tag.
#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_row_in_a_stream_is_named_by_reads_and_loads() {
    for tag in ["account.deposited", "foreign.event"] {
        let db = TestDb::new().await;
        let store = without_checks(&db).await;
        deposit(&store, 7).await;
        let odd = Odd { stream_id: "account/7", tag, metadata: "'\"text\"'" };
        let place = insert(&db, &odd).await;
        deposit(&store, 7).await;

        let stream = store.stream::<AccountEvent>(account(7));
        assert_place(&stream.read().try_collect::<Vec<_>>().await.unwrap_err(), &odd, place);
        let error = store.repository::<Account>().load(&7).await.unwrap_err();
        let eventsourcing::LoadError::Read(error) = error else { panic!("{error}") };
        assert_place(&error, &odd, place);
        let mut skips = stream.subscribe(After::Start).await.unwrap().on_undecodable(OnUndecodable::Skip);
        for version in [1, 3] {
            assert_eq!(patiently(skips.next()).await.unwrap().version.get(), version);
        }
    }
}

/// The ends of the numbers are places like others, and what no place has is an error that says which row it is.
#[tokio::test(flavor = "multi_thread")]
async fn places_at_the_ends_of_numbers_are_read() {
    let db = TestDb::new().await;
    let store = without_checks(&db).await;
    deposit(&store, 1).await;
    raw_sql(
        "alter table eventsourcing.events disable trigger user;
         insert into eventsourcing.events (position, version, event_id, schema_version, stream_id, tag, payload) values
            (9223372036854775807, 9223372036854775807, gen_random_uuid(), 1, 'account/2', 'account.deposited',
                '{\"cents\":1}'),
            (-1, 2, gen_random_uuid(), 1, 'account/1', 'account.deposited', '{\"cents\":1}');
         alter table eventsourcing.events enable trigger user;
         alter table eventsourcing.events enable always trigger events_are_immutable;
         select setval('eventsourcing.events_position', 9223372036854775807)",
    )
    .execute(db.pool())
    .await
    .unwrap();
    let whole: Vec<_> = patiently(store.all::<AccountEvent>().read().try_collect()).await.unwrap();
    let positions: Vec<_> = whole.iter().map(|recorded: &eventsourcing::Recorded<_>| recorded.position.get()).collect();
    assert_eq!(positions, [1, i64::MAX]);
    let backwards: Vec<_> =
        patiently(store.all::<AccountEvent>().read().backwards().limit(1).try_collect()).await.unwrap();
    assert_eq!(backwards[0].position.get(), i64::MAX);
    let stream = store.stream::<AccountEvent>(account(2));
    assert_eq!(patiently(stream.read().limit(5).try_collect::<Vec<_>>()).await.unwrap().len(), 1);
    let mut subscription = store.all::<AccountEvent>().subscribe(After::Start).await.unwrap();
    for position in positions {
        assert_eq!(next(&mut subscription).await.unwrap(), position);
    }
    let mut subscription = stream.subscribe(After::Start).await.unwrap();
    assert_eq!(patiently(subscription.next()).await.unwrap().version.get(), i64::MAX);

    let error = store.stream::<AccountEvent>(account(1)).read().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(error.to_string().contains("position -1") && error.to_string().contains("account/1"), "{error}");
}
