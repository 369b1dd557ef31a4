//! The list of stored types of events: who registers what, when, at which cost, and who waits for whom.

use eventsourcing::{
    Encoded,
    ExpectedVersion::{self, Any, NoStream},
    NewEvent, PgOptions, Postgres, SchemaVersion, Tag,
    port::{Administration, Append, AppendError, Appends, Checkpoints, Tail, Tails, Transactions, Via},
    postgres::MIGRATIONS,
};
use sqlx::{
    AssertSqlSafe, Connection, PgConnection, Row,
    migrate::{Migration, MigrationType, Migrator},
    postgres::PgPoolOptions,
    raw_sql,
};
use tokio::task::{JoinSet, yield_now};

use crate::support::{
    TestDb, patiently,
    port::{exact, id, length, run, run_in},
    proxy::Proxy,
};

/// An append of one event of each of these tags.
fn of(stream: &str, expected: ExpectedVersion, tags: &[&'static str]) -> Append {
    let events = tags.iter().map(|tag| Encoded::new(Tag::from_static(tag), SchemaVersion::FIRST, b"null".to_vec()));
    Append::new(id(stream), expected, events.map(NewEvent::new).collect())
}

/// The registered tags, as often as they are registered, with the positions.
async fn rows(db: &TestDb) -> Vec<(String, i64)> {
    let sql = "select tag, first_position from eventsourcing.event_types order by tag, first_position";
    let rows = sqlx::query(sql).fetch_all(&mut db.connect().await).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn listed(store: &Postgres) -> Vec<String> {
    let types = store.stored_types().await.unwrap();
    types.into_iter().map(|of| of.tag.to_string()).collect()
}

async fn begin(db: &TestDb) -> PgConnection {
    let mut connection = db.connect().await;
    raw_sql("begin").execute(&mut connection).await.unwrap();
    connection
}

async fn say(connection: &mut PgConnection, sql: &'static str) {
    raw_sql(sql).execute(connection).await.unwrap();
}

/// A store with one connection, behind a proxy.
async fn watched(db: &TestDb) -> (Postgres, Proxy) {
    let proxy = Proxy::before(db.options());
    let store = Postgres::connect(&proxy.url(), PgOptions::new().max_connections(1)).await.unwrap();
    (store, proxy)
}

/// For each append since the last call, whether it was the statement that registers; and the kinds of messages.
fn appends(proxy: &Proxy) -> Vec<(bool, String)> {
    let trips = proxy.take().into_iter().filter(|trip| trip.sql.iter().any(|sql| sql.contains("with durable")));
    let registers = |sql: &String| sql.contains("event_types");
    trips.map(|trip| (trip.sql.iter().any(registers), trip.messages)).collect()
}

/// Bind, Execute, Close of its portal, Sync: a prepared statement in one round trip.
fn one(registers: bool) -> (bool, String) {
    (registers, "BECS".to_owned())
}

#[tokio::test]
async fn the_second_append_of_a_type_costs_what_it_would_without_registering() {
    let db = TestDb::new().await;
    let (store, proxy) = watched(&db).await;
    // Every statement is prepared.
    run(&store, &of("warm/1", NoStream, &["warm"])).await.unwrap();
    run(&store, &of("warm/1", Any, &["warm"])).await.unwrap();
    proxy.take();
    for (tag, stream) in [("a", "a/1"), ("b", "b/1")] {
        run(&store, &of(stream, NoStream, &[tag])).await.unwrap();
        assert_eq!(appends(&proxy), [one(true)], "one round trip, though it registers");
        for tags in [&[tag][..], &["warm", tag, tag], &[]] {
            run(&store, &of(stream, Any, tags)).await.unwrap();
            assert_eq!(appends(&proxy), [one(false)]);
        }
    }
    let mixed = of("a/1", Any, &["a", "b", "warm", "c", "a"]);
    run(&store, &mixed).await.unwrap();
    run(&store, &mixed).await.unwrap();
    assert_eq!(appends(&proxy), [one(true), one(false)]);
}

#[tokio::test]
async fn groups_of_any_size_register_once() {
    let db = TestDb::new().await;
    let (store, proxy) = watched(&db).await;
    for (size, tags) in [(3, ["small", "both"]), (70, ["large", "both"])] {
        let group: Vec<_> = (0..size).map(|n| of(&format!("{}/{n}", tags[0]), Any, &tags)).collect();
        for registers in [true, false] {
            let results = store.append(Via::Store, &group).await.unwrap();
            assert!(results.iter().all(Result::is_ok));
            assert!(appends(&proxy).iter().all(|append| append.0 == registers), "{size}");
        }
    }
    assert_eq!(rows(&db).await, [("both".to_owned(), 4), ("large".to_owned(), 13), ("small".to_owned(), 1)]);
}

/// In the caller's own transactions a type becomes known as soon as one of them sees what another has committed.
#[tokio::test]
async fn a_type_that_others_have_committed_becomes_known() {
    let db = TestDb::new().await;
    let (store, proxy) = watched(&db).await;
    for registers in [true, true, false] {
        let mut transaction = store.begin().await.unwrap();
        run_in(&store, &mut transaction, &of("a/1", Any, &["a"])).await.unwrap();
        transaction.commit().await.unwrap();
        assert!(appends(&proxy).iter().all(|append| append.0 == registers));
    }
    assert_eq!(rows(&db).await, [("a".to_owned(), 1)]);

    // Two processes.
    let (other, watched) = watched(&db).await;
    for registers in [true, false] {
        run(&other, &of("a/1", Any, &["a"])).await.unwrap();
        assert!(appends(&watched).iter().all(|append| append.0 == registers));
    }
    assert_eq!(rows(&db).await, [("a".to_owned(), 1)], "nobody registers what is there");
}

/// `verify_history` at the start, and the first append is like any other.
#[tokio::test]
async fn who_has_read_the_list_knows_it() {
    let db = TestDb::new().await;
    run(&db.backend(), &of("a/1", NoStream, &["a", "b"])).await.unwrap();
    let (store, proxy) = watched(&db).await;
    assert_eq!(listed(&store).await, ["a", "b"]);
    run(&store, &of("a/1", Any, &["b", "a"])).await.unwrap();
    assert!(appends(&proxy).iter().all(|append| !append.0));
}

/// What a transaction has registered itself looks to it as if it were there, and is not before it commits.
#[tokio::test]
async fn what_is_rolled_back_was_never_known() {
    let db = TestDb::new().await;
    let store = db.backend();
    let mut callers = begin(&db).await;
    run_in(&store, &mut callers, &of("a/1", NoStream, &["a"])).await.unwrap();
    for other in [&store, &db.backend()] {
        run_in(other, &mut callers, &of("a/1", Any, &["a"])).await.unwrap();
        run_in(other, &mut callers, &of("a/1", Any, &["a"])).await.unwrap();
    }
    say(&mut callers, "savepoint part").await;
    run_in(&store, &mut callers, &of("a/1", Any, &["b"])).await.unwrap();
    say(&mut callers, "release part").await;
    run_in(&store, &mut callers, &of("a/1", Any, &["b", "a"])).await.unwrap();
    say(&mut callers, "rollback").await;
    assert_eq!(rows(&db).await, []);
    run(&store, &of("a/1", NoStream, &["a", "b"])).await.unwrap();
    assert_eq!(listed(&store).await, ["a", "b"]);
}

#[tokio::test]
async fn a_savepoint_takes_back_its_own_types_only() {
    let db = TestDb::new().await;
    let store = db.backend();
    run(&store, &of("s/1", NoStream, &["old"])).await.unwrap();
    let other = db.backend();
    let mut callers = begin(&db).await;
    say(&mut callers, "savepoint part").await;
    run_in(&other, &mut callers, &of("a/1", NoStream, &["a", "b"])).await.unwrap();
    say(&mut callers, "rollback to part").await;
    // Seen from another one's commit, with nothing of this transaction's own left.
    run_in(&other, &mut callers, &of("a/1", NoStream, &["old"])).await.unwrap();
    run_in(&other, &mut callers, &of("a/1", Any, &["a"])).await.unwrap();
    run_in(&other, &mut callers, &of("a/1", Any, &["a"])).await.unwrap();
    say(&mut callers, "commit").await;
    assert_eq!(listed(&store).await, ["a", "old"]);
    run(&other, &of("a/1", Any, &["b", "a"])).await.unwrap();
    assert_eq!(listed(&store).await, ["a", "b", "old"]);
    assert_eq!(rows(&db).await.len(), 3);
}

/// An open transaction has stored the first event of a type. Nobody who stores the next ones waits for it: they end while
/// it is open.
#[tokio::test(flavor = "multi_thread")]
async fn first_appends_of_one_type_wait_for_nobody() {
    let db = TestDb::new().await;
    let mut first = begin(&db).await;
    run_in(&db.backend(), &mut first, &of("first/1", NoStream, &["new"])).await.unwrap();
    let mut others = JoinSet::new();
    for number in 0..32 {
        let store = db.backend();
        others.spawn(async move {
            run(&store, &of(&format!("own/{number}"), NoStream, &["new", "newer"])).await.unwrap();
            let mut transaction = store.begin().await.unwrap();
            run_in(&store, &mut transaction, &of(&format!("own/{number}"), Any, &["newest"])).await.unwrap();
            transaction.commit().await.unwrap();
        });
    }
    patiently(others.join_all()).await;
    say(&mut first, "commit").await;
    let types = db.backend().stored_types().await.unwrap();
    let first: Vec<_> = types.iter().map(|of| (of.tag.as_str(), of.first_position.get())).collect();
    let events = sqlx::query("select tag, min(position) from eventsourcing.events group by tag order by tag");
    let events = events.fetch_all(db.pool()).await.unwrap();
    let events: Vec<(&str, i64)> = events.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(first, events, "each once, with its first position");
}

/// In opposite orders, neither committed before the other has stored both.
#[tokio::test]
async fn first_appends_in_opposite_orders_do_not_deadlock() {
    let db = TestDb::new().await;
    let (store, mut one, mut other) = (db.backend(), begin(&db).await, begin(&db).await);
    patiently(async {
        run_in(&store, &mut one, &of("one/1", Any, &["a"])).await.unwrap();
        run_in(&store, &mut other, &of("other/1", Any, &["b"])).await.unwrap();
        run_in(&store, &mut one, &of("one/1", Any, &["b"])).await.unwrap();
        run_in(&store, &mut other, &of("other/1", Any, &["a"])).await.unwrap();
    })
    .await;
    say(&mut one, "commit").await;
    say(&mut other, "rollback").await;
    assert_eq!(listed(&store).await, ["a", "b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_conflicts_or_loses_a_race_registers_nothing_and_learns_nothing() {
    let db = TestDb::new().await;
    let store = db.backend();
    let mut winner = begin(&db).await;
    run_in(&db.backend(), &mut winner, &of("race/1", NoStream, &["won"])).await.unwrap();
    let losing = store.clone();
    let loser = tokio::spawn(async move { run(&losing, &of("race/1", NoStream, &["lost", "won"])).await });
    db.until_blocked(1).await;
    say(&mut winner, "commit").await;
    let lost = patiently(loser).await.unwrap();
    assert!(matches!(lost, Err(AppendError::Conflict(_))), "{lost:?}");
    let stale = run(&store, &of("race/1", exact(7), &["stale"])).await;
    assert!(matches!(stale, Err(AppendError::Conflict(_))), "{stale:?}");
    assert_eq!(rows(&db).await.len(), 1);
    // The loser that tries again, behind the winner, does register.
    run(&store, &of("race/1", exact(1), &["lost", "stale"])).await.unwrap();
    assert_eq!(listed(&store).await, ["lost", "stale", "won"]);
}

/// A snapshot from before a type was registered: it is registered again, and listed once.
#[tokio::test]
async fn a_type_that_is_registered_twice_is_listed_once() {
    let db = TestDb::new().await;
    let mut older = db.connect().await;
    say(&mut older, "begin isolation level repeatable read; select from eventsourcing.events").await;
    run(&db.backend(), &of("a/1", NoStream, &["a"])).await.unwrap();
    run_in(&db.backend(), &mut older, &of("b/1", NoStream, &["a"])).await.unwrap();
    say(&mut older, "commit").await;
    assert_eq!(rows(&db).await, [("a".to_owned(), 1), ("a".to_owned(), 2)]);
    let types = db.backend().stored_types().await.unwrap();
    assert_eq!(types.iter().map(|of| of.first_position.get()).collect::<Vec<_>>(), [1]);
}

/// A database as the first four migrations made it, with events.
#[tokio::test]
async fn the_migration_lists_what_is_stored_already() {
    let db = TestDb::unmigrated().await;
    raw_sql("create schema eventsourcing").execute(db.pool()).await.unwrap();
    let options = db.options().clone().options([("search_path", "eventsourcing")]);
    let pool = PgPoolOptions::new().connect_with(options).await.unwrap();
    let four = MIGRATIONS[..4].iter().map(|&(version, name, sql)| {
        let sql = sqlx::SqlStr::from_static(sql);
        Migration::new(version, name.into(), MigrationType::Simple, sql, false)
    });
    let mut migrator = Migrator::with_migrations(four.collect());
    migrator.dangerous_set_table_name("eventsourcing._migrations");
    migrator.run(&pool).await.unwrap();
    for (version, (tag, schema_version)) in (1..).zip([("b", 2), ("a", 1), ("b", 2), ("b", 1), ("a", 1)]) {
        let insert = format!(
            "insert into events (version, event_id, schema_version, stream_id, tag, payload)
             values ({version}, gen_random_uuid(), {schema_version}, 'a/1', '{tag}', 'null')"
        );
        raw_sql(AssertSqlSafe(insert)).execute(&pool).await.unwrap();
    }
    pool.close().await;

    let store = db.backend();
    store.migrate().await.unwrap();
    store.verify().await.unwrap();
    let types = store.stored_types().await.unwrap();
    let types: Vec<_> =
        types.iter().map(|of| (of.tag.as_str(), of.schema_version.get(), of.first_position.get())).collect();
    assert_eq!(types, [("a", 1, 2), ("b", 1, 4), ("b", 2, 1)]);
    run(&store, &of("a/1", exact(5), &["a", "c"])).await.unwrap();
    assert_eq!(rows(&db).await.len(), 4);
}

/// As after a failover to a server that has not got the latest commits.
async fn lose(db: &TestDb) {
    let mut connection = begin(db).await;
    say(&mut connection, "select eventsourcing.begin_maintenance(); delete from eventsourcing.event_types; commit")
        .await;
}

/// Ends every session of the database but this one.
async fn end_sessions(db: &TestDb) {
    let mut connection = db.connect().await;
    let others = "select pg_terminate_backend(pid, 60000) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";
    say(&mut connection, others).await;
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_taken_for_known_where_the_server_may_be_another_one() {
    let db = TestDb::new().await;
    // One connection: each new one makes a store forget.
    for name in ["own", "given"] {
        let store = if name == "own" {
            Postgres::connect(&db.url(), PgOptions::new().max_connections(1)).await.unwrap()
        } else {
            // Nobody tells the store of new connections: it has to meet the broken one.
            let pool = PgPoolOptions::new().max_connections(1).test_before_acquire(false);
            Postgres::new(pool.connect_with(db.options().clone()).await.unwrap())
        };
        run(&store, &of(&format!("{name}/1"), NoStream, &["a"])).await.unwrap();
        lose(&db).await;
        run(&store, &of(&format!("{name}/1"), Any, &["a"])).await.unwrap();
        assert_eq!(rows(&db).await, [], "{name}: it was known, or this run shows nothing");
        end_sessions(&db).await;
        patiently(async {
            if name == "own" {
                // What meets the broken connection need not be an append.
                while store.checkpoint("consumer").await.is_err() {
                    yield_now().await;
                }
            }
            while run(&store, &of(&format!("{name}/1"), Any, &["a"])).await.is_err() {
                yield_now().await;
            }
        })
        .await;
        assert_eq!(rows(&db).await.len(), 1, "{name}");
        assert!(length(&store, &format!("{name}/1")).await >= 3);

        // Nor where only the subscriptions have found a new one.
        lose(&db).await;
        store.tail().await.unwrap().settle().await.unwrap();
        run(&store, &of(&format!("{name}/1"), Any, &["a"])).await.unwrap();
        assert_eq!(rows(&db).await.len(), 1, "{name}");
    }
}
