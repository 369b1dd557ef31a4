//! G12: hostile names, settings and data get a typed error or go through unharmed; nothing is cut off, and nothing is run.

use eventsourcing::{
    Category, EventId,
    ExpectedVersion::{Any, Exact, NoStream, StreamExists},
    GlobalPosition, Metadata, PgOptions, Postgres, SchemaVersion, StreamId, StreamVersion, Tag,
    port::{
        Administration, Append, AppendError, Appends, Checkpoints, DeclaredTag, Direction, Filter, InvalidAppend,
        LogQuery, Progress, Reads, Snapshot, SnapshotKey, StoreError, StreamQuery, Tail, Tails, Transactions, Via,
    },
};
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, raw_sql};

use crate::support::{
    TestDb,
    port::{append, event, events_of, exact, id, length, read, run, run_in, with_ids},
};

/// Functions and operators with the names of those that statements use, which take any call there is for them, and tables
/// with the names of the store's own.
fn ambush() -> String {
    let mut statements = vec![
        "create schema ambush;
         create function ambush.caught() returns text language plpgsql as
            $$ begin raise exception 'caught in an ambush'; end $$"
            .to_owned(),
    ];
    let types = ["bigint", "integer", "text", "uuid", "oid", "name", "boolean", "double precision", "timestamptz"];
    for of in types {
        for (place, operator) in ["=", "<>", "<", "<=", ">", ">=", "+", "-"].into_iter().enumerate() {
            let returns = if place < 6 { "boolean" } else { of };
            statements.push(format!(
                "create function ambush.op{place}({of}, {of}) returns {returns} language plpgsql as
                    $$ begin perform ambush.caught(); end $$;
                 create operator ambush.{operator} (leftarg = {of}, rightarg = {of}, function = ambush.op{place})"
            ));
        }
    }
    for function in [
        "unnest(text[]) returns setof text",
        "unnest(bigint[]) returns setof bigint",
        "unnest(uuid[]) returns setof uuid",
        "max(bigint) returns bigint",
        "min(bigint) returns bigint",
        "current_setting(text) returns text",
        "current_setting(text, boolean) returns text",
        "set_config(text, text, boolean) returns text",
        "clock_timestamp() returns timestamptz",
        "now() returns timestamptz",
        "nextval(regclass) returns bigint",
        "octet_length(text) returns integer",
        "starts_with(text, text) returns boolean",
        "sum(integer) returns bigint",
        "pg_column_size(json) returns integer",
        "pg_column_compression(json) returns text",
        "pg_notify(text, text) returns void",
        "to_regclass(text) returns regclass",
        "pg_is_in_recovery() returns boolean",
        "current_database() returns name",
        "date_part(text, interval) returns double precision",
        "pg_current_xact_id() returns xid8",
        "pg_has_role(name, oid, text) returns boolean",
    ] {
        let body = "$$ begin perform ambush.caught(); end $$";
        statements.push(format!("create function ambush.{function} language plpgsql as {body}"));
    }
    for table in
        ["events", "event_types", "snapshots", "checkpoints", "pg_locks", "pg_class", "pg_database", "pg_namespace"]
    {
        statements.push(format!("create table ambush.{table} (position int)"));
    }
    for of in ["text", "uuid", "json"] {
        statements.push(format!("create type ambush.{of} as enum ('caught')"));
    }
    statements.join(";\n")
}

/// Uses every statement there is.
async fn use_everything(store: &Postgres) {
    store.verify().await.unwrap();
    for (expected, count) in [(NoStream, 3), (exact(3), 1), (Any, 2), (StreamExists, 0)] {
        run(store, &append("account/1", expected, count)).await.unwrap();
    }
    let named = with_ids(append("account/2", Any, 2));
    let first = run(store, &named).await.unwrap();
    assert_eq!(run(store, &named).await.unwrap(), first);
    run(store, &append("account/2", NoStream, 1)).await.unwrap_err();
    let large: Vec<_> = (0..70).map(|n| append(&format!("large/{n}"), NoStream, 1)).collect();
    assert!(store.append(Via::Store, &large).await.unwrap().iter().all(Result::is_ok));
    let large: Vec<_> = (0..70).map(|n| with_ids(append(&format!("large/{n}"), Any, 1))).collect();
    assert!(store.append(Via::Store, &large).await.unwrap().iter().all(Result::is_ok));
    assert_eq!(length(store, "account/1").await, 6);

    let stream_id = id("account/1");
    for direction in [Direction::Forwards, Direction::Backwards] {
        let query = StreamQuery::new(stream_id.clone()).from(StreamVersion::new(3)).direction(direction).limit(2);
        assert_eq!(store.read_stream(Via::Store, query).await.unwrap().events.len(), 2);
        let tags = Some([Tag::from_static("counted")].into());
        let filter = Filter::new().category(Some(Category::from_static("account"))).tags(tags);
        let query = LogQuery::new(filter).direction(direction).limit(100);
        assert_eq!(store.read_log(query).await.unwrap().events.len(), 8);
    }

    let key = SnapshotKey::new(1, u64::MAX);
    let event_id = read(store, "account/1").await[4].event_id;
    let version = StreamVersion::new(5).unwrap();
    let snapshot = Snapshot::new(stream_id.clone(), key, version, event_id, b"{}".to_vec());
    store.save_snapshot(Via::Store, &snapshot).await.unwrap();
    let loaded = store.load(Via::Store, &stream_id, Some(key)).try_collect::<Vec<_>>().await.unwrap();
    assert_eq!(loaded.len(), 2, "a snapshot and an event");

    let mut transaction = store.begin().await.unwrap();
    run_in(store, Postgres::connection(&mut transaction), &append("account/3", NoStream, 1)).await.unwrap();
    assert_eq!(store.blockers().await.unwrap().len(), 1);
    let seen = store.checkpoint("consumer").await.unwrap();
    let mut seen = store.declare("consumer", seen, "test", &[]).await.unwrap().unwrap();
    for position in [1, 2] {
        let position = GlobalPosition::new(position).unwrap();
        let via = Via::Caller(Postgres::connection(&mut transaction));
        let progress = Progress::new(position).last(Some((position, EventId::new())));
        assert!(!store.advance(via, "consumer", seen, progress).await.unwrap());
        let via = Via::Caller(Postgres::connection(&mut transaction));
        assert!(store.advance(via, "consumer", seen, progress.last(None)).await.unwrap());
        seen.position = Some(position);
    }
    Postgres::commit(transaction).await.unwrap();
    assert_eq!(store.checkpoint("consumer").await.unwrap().position, GlobalPosition::new(2));
    let consumer = store.consumer("consumer").await.unwrap();
    assert!(store.declare("consumer", consumer.checkpoint, "test", &[]).await.unwrap().is_some());
    store.reset(Via::Store, "consumer", "test", &[]).await.unwrap();
    assert_eq!(store.consumer("consumer").await.unwrap().resume, None);

    let mut tail = store.tail().await.unwrap();
    let last = tail.settle().await.unwrap();
    assert_eq!(tail.read(None, 1_000).await.unwrap().settled, last);
    assert!(tail.end().await.unwrap() >= last);
    store.announce();
    assert_eq!(store.stored_types().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_hostile_search_path_catches_nothing() {
    let db = TestDb::unmigrated().await;
    let mut connection = db.connect().await;
    let name: String = sqlx::query("select current_database()::text").fetch_one(&mut connection).await.unwrap().get(0);
    raw_sql(AssertSqlSafe(ambush())).execute(&mut connection).await.unwrap();
    let path = format!("alter database {name} set search_path = ambush, pg_catalog");
    raw_sql(AssertSqlSafe(path)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();

    let mut connection = db.connect().await;
    for innocent in ["select 1::bigint = 1::bigint", "select now()", "select version from events"] {
        raw_sql(innocent)
            .execute(&mut connection)
            .await
            .expect_err("the ambush is no danger, so this run shows nothing");
    }
    let store = db.backend();
    store.migrate().await.unwrap();
    store.migrate().await.unwrap();
    use_everything(&store).await;
    let refused = raw_sql("update eventsourcing.events set tag = 'x'").execute(&mut connection).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "ES001");
}

#[tokio::test]
async fn a_schema_can_have_any_name() {
    for name in [
        "it's \"odd\"; drop schema public cascade; --",
        "select",
        "Mixed Case.with.dots",
        "größe 🦀",
        "{events}{=}{window}{array $1}",
        "$1 $2 %s \\ {0}",
        &"x".repeat(63),
        &"é".repeat(31),
    ] {
        let db = TestDb::unmigrated().await;
        let store = db.backend_with(PgOptions::new().schema(name));
        store.migrate().await.unwrap_or_else(|error| panic!("{name}: {error}"));
        use_everything(&store).await;
        let schemas = "select nspname::text from pg_namespace where nspname not like 'pg\\_%'
            and nspname not in ('information_schema', 'public')";
        let rows = sqlx::query(schemas).fetch_all(db.pool()).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>(), [name]);
    }
}

#[tokio::test]
async fn an_impossible_schema_name_is_a_typed_error() {
    let db = TestDb::unmigrated().await;
    for name in ["", "a\0b", "pg_mine", &"x".repeat(64), &"é".repeat(32)] {
        let store = Postgres::with_options(db.pool().clone(), PgOptions::new().schema(name));
        assert!(matches!(store, Err(StoreError::Schema { .. })), "{name:?}");
    }
}

const HOSTILE: [&str; 9] = [
    "'; drop table eventsourcing.events; --",
    "\" or 1=1",
    "$1",
    "%",
    "_",
    "\\",
    " leading and trailing ",
    "new\nline\ttab\r\u{1b}[0m\u{7f}",
    "\u{202e}\u{feff}\u{10ffff}é\u{65}\u{301}",
];

#[tokio::test]
async fn hostile_names_are_stored_as_they_are() {
    let db = TestDb::new().await;
    let store = db.backend();
    for name in HOSTILE {
        let stream_id = StreamId::new(name, name).unwrap();
        let metadata = Metadata::new().correlation_id(name).causation_id(name).with(name, name);
        let events = vec![event("t", "1").metadata(metadata.clone())];
        run(&store, &Append::new(stream_id.clone(), NoStream, events)).await.unwrap();
        let stored = read(&store, stream_id.as_str()).await.remove(0);
        assert_eq!((&stored.stream_id, &stored.metadata), (&stream_id, &metadata));

        // Each is its own category: nothing in it is a pattern.
        let filter = Filter::new().category(Some(Category::new(name).unwrap()));
        let query = LogQuery::new(filter).limit(100);
        let found = events_of(store.read_log(query).await.unwrap());
        assert_eq!(found.iter().map(|event| &event.stream_id).collect::<Vec<_>>(), [&stream_id]);

        let start = store.checkpoint(name).await.unwrap();
        let tag = DeclaredTag::new(Tag::new(name).unwrap(), SchemaVersion::FIRST);
        let start = store.declare(name, start, name, std::slice::from_ref(&tag)).await.unwrap().unwrap();
        let progress = Progress::new(stored.position).last(Some((stored.position, stored.event_id)));
        assert!(store.advance(Via::Store, name, start, progress).await.unwrap());
        let consumer = store.consumer(name).await.unwrap();
        assert_eq!((consumer.kind.as_deref(), consumer.declared), (Some(name), Some(vec![tag])));
        assert_eq!(store.checkpoint(name).await.unwrap().position, Some(stored.position));
    }
    let all: i64 = sqlx::query("select count(*) from eventsourcing.events").fetch_one(db.pool()).await.unwrap().get(0);
    assert_eq!(usize::try_from(all).unwrap(), HOSTILE.len());
}

/// The database's limits are the library's: what the types admit is stored, and nothing is cut off.
#[tokio::test]
async fn the_longest_names_are_stored() {
    static LONG: [u8; Tag::MAX_LEN] = [b't'; Tag::MAX_LEN];
    let db = TestDb::new().await;
    let store = db.backend();
    let tag = Tag::from_static(std::str::from_utf8(&LONG).unwrap());
    for category in ["c".repeat(Category::MAX_LEN), "é".repeat(Category::MAX_LEN / 2), "c".to_owned()] {
        let stream_id = StreamId::new(&category, "x".repeat(StreamId::MAX_LEN - 1 - category.len())).unwrap();
        assert_eq!(stream_id.as_str().len(), StreamId::MAX_LEN);
        let mut new = event("t", "1");
        new.event.tag = tag.clone();
        run(&store, &Append::new(stream_id.clone(), NoStream, vec![new])).await.unwrap();
        let stored = read(&store, stream_id.as_str()).await.remove(0);
        assert_eq!((stored.stream_id, stored.tag), (stream_id, tag.clone()));
    }
}

#[test]
fn what_is_no_stream_id_is_refused() {
    let long = "x".repeat(StreamId::MAX_LEN);
    for text in
        ["", "/", "a/", "/a", "a", "a\0/b", "a/b\0", &format!("a/{long}"), &format!("{long}/a"), &"é/".repeat(171)]
    {
        assert!(text.parse::<StreamId>().is_err(), "{text:?}");
    }
    for category in ["", "a/b", "a\0b", &long] {
        assert!(Category::new(category).is_err() && StreamId::new(category, 1).is_err(), "{category:?}");
    }
}

/// A payload that is no JSON is the fault of a hand-written codec. It is refused before the database would.
#[tokio::test]
async fn a_payload_that_is_no_json_is_a_typed_error() {
    let db = TestDb::new().await;
    let store = db.backend();
    for payload in [&b""[..], b"{", b"{} {}", b"NaN", b"\"\xff\"", b"\"a\0b\"", b"nul", "\u{feff}1".as_bytes()] {
        let mut append = append("account/1", Any, 2);
        append.events[1].event.payload = payload.to_vec();
        let error = run(&store, &append).await.unwrap_err();
        let invalid = InvalidAppend::NotJson { index: 1 };
        assert!(matches!(&error, AppendError::Invalid(error) if *error == invalid), "{payload:?}: {error:?}");
    }
    assert_eq!(length(&store, "account/1").await, 0);
    run(&store, &append("account/1", NoStream, 1)).await.unwrap();
}

#[tokio::test]
async fn the_configured_limits_hold_to_the_byte() {
    let db = TestDb::new().await;
    let store = db.backend_with(PgOptions::new().payload_limit(10).metadata_limit(4));
    let with = |payload: &str, metadata: Metadata| {
        Append::new(id("account/1"), Any, vec![event("t", payload).metadata(metadata)])
    };
    run(&store, &with("\"12345678\"", Metadata::new().with("ab", "cd"))).await.unwrap();
    let error = run(&store, &with("\"123456789\"", Metadata::new())).await.unwrap_err();
    let AppendError::Invalid(invalid) = error else { panic!("{error}") };
    assert_eq!(invalid, InvalidAppend::PayloadTooLarge { index: 0, bytes: 11, limit: 10 });
    let error = run(&store, &with("1", Metadata::new().with("ab", "cde"))).await.unwrap_err();
    let AppendError::Invalid(invalid) = error else { panic!("{error}") };
    assert_eq!(invalid, InvalidAppend::MetadataTooLarge { index: 0, bytes: 5, limit: 4 });

    // The tag of each event has 1 byte, its payload 2.
    let store = db.backend_with(PgOptions::new().events_limit(3).bytes_limit(8));
    let of = |count: usize| Append::new(id("account/2"), Any, vec![event("t", "10"); count]);
    run(&store, &of(2)).await.unwrap();
    let errors = [run(&store, &of(3)).await.unwrap_err(), run(&store, &of(4)).await.unwrap_err()];
    let [AppendError::Invalid(bytes), AppendError::Invalid(events)] = errors else { panic!("{errors:?}") };
    assert_eq!(bytes, InvalidAppend::TooManyBytes { bytes: 9, limit: 8 });
    assert_eq!(events, InvalidAppend::TooManyEvents { events: 4, limit: 3 });
    assert_eq!(length(&store, "account/2").await, 2);
}

/// Numbers at their ends: a conflict, an empty result or a typed error, never a panic.
#[tokio::test]
async fn the_ends_of_numbers_are_harmless() {
    let db = TestDb::new().await;
    let store = db.backend();
    run(&store, &append("account/1", NoStream, 2)).await.unwrap();
    let last = StreamVersion::new(i64::MAX).unwrap();
    let error = run(&store, &append("account/1", Exact(last), 1)).await.unwrap_err();
    assert!(matches!(error, AppendError::Conflict(conflict) if conflict.actual == StreamVersion::new(2)));
    let same = with_ids(append("account/1", Exact(last), 1));
    assert!(matches!(run(&store, &same).await, Err(AppendError::Conflict(_))));

    for (from, limit, count) in [(Some(last), 10, 0), (None, 0, 0), (None, i64::MAX, 2)] {
        let stream_id = id("account/1");
        let until = GlobalPosition::new(i64::MAX);
        let query = StreamQuery::new(stream_id).from(from).until(until).limit(limit);
        assert_eq!(store.read_stream(Via::Store, query).await.unwrap().events.len(), count);
    }
    let query = LogQuery::new(Filter::new().tags(Some([].into())))
        .from(GlobalPosition::new(i64::MAX))
        .until(Some(GlobalPosition::FIRST))
        .direction(Direction::Backwards)
        .limit(-1);
    let negative = store.read_log(query).await;
    assert!(matches!(negative, Err(StoreError::Database { .. })), "{negative:?}");
    let unnamed = store.checkpoint("a\0b").await;
    assert!(matches!(unnamed, Err(StoreError::Database { .. })), "{unnamed:?}");
}

/// What another program wrote into the table is not taken for an event of this store.
#[tokio::test]
async fn the_table_refuses_rows_that_no_store_writes() {
    let db = TestDb::new().await;
    let mut connection: PgConnection = db.connect().await;
    let columns =
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload) values";
    let event_id = EventId::new();
    for values in [
        "(0, $id, 1, 'a/1', 't', '1')",
        "(1, $id, 0, 'a/1', 't', '1')",
        "(1, $id, 65536, 'a/1', 't', '1')",
        "(1, $id, 1, '', 't', '1')",
        "(1, $id, 1, 'a', 't', '1')",
        "(1, $id, 1, '/', 't', '1')",
        "(1, $id, 1, 'a/', 't', '1')",
        "(1, $id, 1, '/a', 't', '1')",
        "(1, $id, 1, '/a/b', 't', '1')",
        "(1, $id, 1, 'a/1', '', '1')",
        "(1, $id, 1, repeat('x', 513), 't', '1')",
        "(1, $id, 1, 'a/1', repeat('x', 256), '1')",
        "(1, null, 1, 'a/1', 't', '1')",
        "(1, $id, 1, 'a/1', 't', null)",
    ] {
        let sql = format!("{columns} {}", values.replace("$id", &format!("'{event_id}'")));
        let error = raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect_err(values);
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap().into_owned();
        assert!(code == "23514" || code == "23502", "{values}: {error}");
    }
    for metadata in ["[]", "1", "null", "\"text\""] {
        let sql = format!(
            "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload, metadata)
             values (1, '{event_id}', 1, 'a/1', 't', '1', '{metadata}')"
        );
        let error = raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect_err(metadata);
        assert_eq!(error.as_database_error().unwrap().constraint(), Some("events_metadata_form"), "{metadata}");
    }
    for stream_id in ["a/b", "a//", "é/é", "a/b/c", "a/ ", "a/\n", " /a", "\n/a", "a%/_"] {
        assert!(stream_id.parse::<StreamId>().is_ok());
        let sql = format!("{columns} (1, '{event_id}', 1, '{stream_id}', 't', '1')");
        raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect(stream_id);
    }
}

/// A position that no sequence has given out is refused; maintenance, and a sequence that was set first, allow it.
#[tokio::test]
async fn a_position_ahead_of_the_sequence_is_refused() {
    let db = TestDb::new().await;
    let store = db.backend();
    let mut connection = db.connect().await;
    let insert = |position: i64, version: i64| {
        format!(
            "insert into eventsourcing.events (position, version, event_id, schema_version, stream_id, tag, payload)
             values ({position}, {version}, gen_random_uuid(), 1, 'a/1', 't', '1')"
        )
    };
    let code = async |connection: &mut PgConnection, position: i64, version: i64| {
        let error = raw_sql(AssertSqlSafe(insert(position, version))).execute(connection).await.unwrap_err();
        error.as_database_error().unwrap().code().unwrap().into_owned()
    };
    assert_eq!(code(&mut connection, 1, 1).await, "ES003", "the sequence has given out none yet");
    run(&store, &append("b/1", NoStream, 3)).await.unwrap();
    for (position, refused) in [(4, "ES003"), (i64::MAX, "ES003"), (0, "23514"), (-1, "23514"), (3, "23505")] {
        assert_eq!(code(&mut connection, position, 1).await, refused, "{position}");
    }
    let sql = format!("begin; select eventsourcing.begin_maintenance(); {}; commit", insert(5, 1));
    raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    let sql = format!("select setval('eventsourcing.events_position', 100); {}", insert(100, 2));
    raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    assert_eq!(length(&store, "a/1").await, 2);
    assert_eq!(run(&store, &append("a/1", exact(2), 1)).await.unwrap().position.unwrap().get(), 101);
}
