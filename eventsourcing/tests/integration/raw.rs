//! A store as a tool sees it that was built without any event type: events as they are stored, and lists of what there is.

use eventsourcing::{
    After, Category, Delivery, Event, ExpectedVersion, GlobalPosition, Metadata, PgOptions, PgStore, Raw, RawEvents,
    Recorded, StoreError, StreamVersion, Tag,
    port::{
        CategoryQuery, CheckpointQuery, Filter, LogQuery, Stored, StreamOrder, StreamQuery, StreamSummary, StreamsQuery,
    },
    postgres::PgPayload,
    testing::ClusterOptions,
};
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Row, postgres::PgPoolOptions, raw_sql};
use uuid::Uuid;

use crate::support::{
    TestDb,
    account::{AccountEvent, account, deposits},
    patiently,
    standby::Standby,
};

#[derive(Debug, PartialEq, Event)]
#[event(prefix = "other", unlocked)]
enum OtherEvent {
    Happened {},
}

/// Accounts 1 and 2 with five events, and another stream with one, by a program whose types the tool does not have.
async fn history(store: &PgStore) {
    for (id, count) in [(1, 2), (2, 1), (1, 1)] {
        store.stream(account(id)).append(ExpectedVersion::Any, deposits(count)).await.unwrap();
    }
    let other = store.stream("other/1".parse().unwrap());
    other.append(ExpectedVersion::NoStream, [OtherEvent::Happened {}]).await.unwrap();
    store.stream(account(2)).append(ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 7 }]).await.unwrap();
}

async fn all(events: RawEvents) -> Vec<Recorded<PgPayload>> {
    let stored: Vec<Stored<PgPayload>> = patiently(events.try_collect()).await.unwrap();
    stored.into_iter().map(|stored| stored.into_event().unwrap()).collect()
}

async fn positions(events: RawEvents) -> Vec<i64> {
    all(events).await.iter().map(|recorded| recorded.position.get()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_tool_reads_is_what_a_typed_reader_reads() {
    let db = TestDb::new().await;
    let store = db.store();
    history(&store).await;

    let typed: Vec<Recorded<AccountEvent>> = store.all().read().try_collect().await.unwrap();
    let accounts = Filter::new().category(Some(Category::from_static("account")));
    let raw = all(store.raw().log(LogQuery::new(accounts))).await;
    assert_eq!(raw.len(), 5);
    for (typed, raw) in typed.into_iter().zip(raw) {
        let encoded = typed.event.encode().unwrap();
        assert_eq!((&typed.tag, typed.schema_version), (&encoded.tag, encoded.schema_version));
        assert_eq!(raw.event.as_ref(), encoded.payload, "the text as it is stored");
        assert_eq!((&raw.tag, raw.schema_version), (&typed.tag, typed.schema_version));
        assert_eq!((raw.position, raw.event_id, raw.recorded_at), (typed.position, typed.event_id, typed.recorded_at));
        assert_eq!((raw.stream_id, raw.version), (typed.stream_id, typed.version));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_reads_what_its_query_says() {
    let db = TestDb::new().await;
    history(&db.store()).await;
    let raw = Raw::clone(&db.store().raw());
    let tags = |tags: &[&'static str]| Filter::new().tags(Some(tags.iter().map(|tag| Tag::from_static(tag)).collect()));
    let at = GlobalPosition::new;
    for (query, expected) in [
        (LogQuery::default(), &[1, 2, 3, 4, 5, 6][..]),
        (LogQuery::default().backwards(), &[6, 5, 4, 3, 2, 1]),
        (LogQuery::default().limit(2), &[1, 2]),
        (LogQuery::default().limit(0), &[]),
        (LogQuery::default().limit(-1), &[]),
        (LogQuery::default().from(at(2)).until(at(4)), &[2, 3, 4]),
        (LogQuery::default().from(at(4)).until(at(2)), &[]),
        (LogQuery::default().until(at(i64::MAX)), &[1, 2, 3, 4, 5, 6]),
        (LogQuery::default().from(at(7)), &[]),
        (LogQuery::default().backwards().from(at(4)).limit(2), &[4, 3]),
        (LogQuery::new(tags(&["account.withdrawn", "other.happened"])), &[5, 6]),
        (LogQuery::new(tags(&["nothing"])), &[]),
        (LogQuery::new(tags(&["account.withdrawn"]).category(Some(Category::from_static("other")))), &[]),
    ] {
        assert_eq!(positions(raw.log(query.clone())).await, expected, "{query:?}");
    }
    let stream = || StreamQuery::new(account(1));
    for (query, expected) in [
        (stream(), &[1, 2, 4][..]),
        (stream().backwards(), &[4, 2, 1]),
        (stream().from(StreamVersion::new(2)).limit(1), &[2]),
        (stream().until(at(3)), &[1, 2]),
        (StreamQuery::new(account(3)), &[]),
    ] {
        assert_eq!(positions(raw.stream(query.clone())).await, expected, "{query:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_says_under_which_tag_and_in_which_version_it_is_stored() {
    let db = TestDb::new().await;
    let store = db.store();
    let stream = store.stream::<AccountEvent>(account(1));
    stream.append(ExpectedVersion::NoStream, [AccountEvent::Withdrawn { cents: 1 }]).await.unwrap();
    let read = stream.read().next().await.unwrap().unwrap();
    let live = patiently(store.all::<AccountEvent>().subscribe(After::Start).await.unwrap().next()).await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    let inside = transaction.stream::<AccountEvent>(account(1)).read().next().await.unwrap().unwrap();
    for recorded in [read, live, inside] {
        assert_eq!((recorded.tag.as_str(), recorded.schema_version.get()), ("account.withdrawn", 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_row_is_shown_and_ends_nothing() {
    let db = TestDb::new().await;
    let store = db.store();
    history(&store).await;
    raw_sql(
        "alter table eventsourcing.events drop constraint events_stream_id_form;
         insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         select 1, gen_random_uuid(), 1, stream_id, 'odd', '1' from unnest(array['nowhere', '/nobody', 'alone/']) stream_id",
    )
    .execute(db.pool())
    .await
    .unwrap();
    store.stream(account(3)).append(ExpectedVersion::NoStream, deposits(1)).await.unwrap();

    let stored: Vec<Stored<PgPayload>> = store.raw().log(LogQuery::default()).try_collect().await.unwrap();
    let malformed = stored.iter().filter(|stored| matches!(stored, Stored::Malformed(_)));
    assert_eq!(malformed.map(Stored::stream_id).collect::<Vec<_>>(), ["nowhere", "/nobody", "alone/"]);
    assert_eq!(stored.last().map(Stored::stream_id), Some("account/3"), "what stands behind it");

    let categories = store.raw().categories(CategoryQuery::new()).await.unwrap();
    assert_eq!(categories.entries.iter().map(Category::as_str).collect::<Vec<_>>(), ["account", "alone", "other"]);
    let streams = store.raw().streams(StreamsQuery::new()).await.unwrap();
    let ids: Vec<&str> = streams.entries.iter().map(|stream| stream.stream_id.as_str()).collect();
    assert_eq!(ids, ["/nobody", "account/1", "account/2", "account/3", "alone/", "nowhere", "other/1"]);
}

/// Also where the tool says how far to read: nothing before that may be missed.
#[tokio::test(flavor = "multi_thread")]
async fn a_read_forwards_waits_for_appends_in_flight() {
    let db = TestDb::new().await;
    let store = db.store();
    for (id, until) in [(1, None), (3, GlobalPosition::new(i64::MAX))] {
        let mut open = store.begin().await.unwrap();
        open.stream(account(id)).append(ExpectedVersion::NoStream, deposits(1)).await.unwrap();
        store.stream(account(id + 1)).append(ExpectedVersion::NoStream, deposits(1)).await.unwrap();
        let mut events = store.raw().log(LogQuery::default().from(GlobalPosition::new(i64::from(id))).until(until));
        let mut first = Box::pin(events.next());
        // Long enough for a read that does not wait.
        let meanwhile = async {
            for _ in 0..200 {
                raw_sql("select 1").execute(db.pool()).await.unwrap();
            }
        };
        tokio::select! {
            biased;
            event = &mut first => panic!("{event:?} is shown while an event before it may come"),
            () = meanwhile => {}
        }
        open.commit().await.unwrap();
        let mut streams = vec![patiently(first).await.unwrap().unwrap().stream_id().to_owned()];
        streams.push(events.next().await.unwrap().unwrap().stream_id().to_owned());
        assert_eq!(streams, [account(id).to_string(), account(id + 1).to_string()]);
        assert!(events.next().await.is_none());
    }
}

fn ids(streams: &[StreamSummary]) -> Vec<&str> {
    streams.iter().map(|stream| stream.stream_id.as_str()).collect()
}

/// A page of the latest looks at a bounded number of events. Behind 25,000 events of one stream stand the others.
#[tokio::test]
async fn a_page_of_the_latest_streams_goes_back_as_far_as_it_must() {
    let db = TestDb::new().await;
    raw_sql(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         select 1, gen_random_uuid(), 1, 'early/' || n, 'counted', '1' from generate_series(1, 3) n;
         insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         select n, gen_random_uuid(), 1, 'long/1', 'counted', '1' from generate_series(1, 25000) n",
    )
    .execute(db.pool())
    .await
    .unwrap();
    let raw = db.store().raw();
    let latest = |limit| StreamsQuery::new().order(StreamOrder::LATEST).limit(limit);
    let page = raw.streams(latest(2)).await.unwrap();
    assert_eq!(ids(&page.entries), ["long/1", "early/3"]);
    let next = page.next.unwrap();
    assert_eq!(
        next,
        latest(2).order(StreamOrder::Latest { before: GlobalPosition::new(3) }),
        "with the limit of before"
    );
    let page = raw.streams(next).await.unwrap();
    assert_eq!(ids(&page.entries), ["early/2", "early/1"]);

    let page = raw.streams(latest(9).prefix("early/")).await.unwrap();
    assert_eq!((ids(&page.entries).len(), page.next), (3, None), "the whole list");
    let page = raw.streams(latest(9).prefix("nowhere/")).await.unwrap();
    assert_eq!((ids(&page.entries).len(), page.next), (0, None));
}

/// What stands behind a limit is asked for, never left out in silence; and no tool gets a page without a bound.
#[tokio::test]
async fn a_page_has_at_most_a_thousand_entries() {
    let db = TestDb::new().await;
    raw_sql(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         select 1, gen_random_uuid(), 1, 'c' || n || '/1', 'counted', '1' from generate_series(1, 1500) n;
         insert into eventsourcing.checkpoints (name) select 'c' || n from generate_series(1, 1500) n",
    )
    .execute(db.pool())
    .await
    .unwrap();
    let raw = db.store().raw();
    let categories = raw.categories(CategoryQuery::new().limit(u32::MAX)).await.unwrap();
    assert_eq!(categories.entries.len(), 1_000);
    assert_eq!(raw.categories(categories.next.unwrap()).await.unwrap().entries.len(), 500);
    let checkpoints = raw.checkpoints(CheckpointQuery::new().limit(u32::MAX)).await.unwrap();
    assert_eq!(checkpoints.entries.len(), 1_000);
    assert_eq!(raw.checkpoints(checkpoints.next.unwrap()).await.unwrap().entries.len(), 500);
    for order in [StreamOrder::default(), StreamOrder::LATEST, StreamOrder::LONGEST] {
        let streams = raw.streams(StreamsQuery::new().order(order).limit(u32::MAX)).await.unwrap();
        assert_eq!(streams.entries.len(), 1_000);
        assert_eq!(raw.streams(streams.next.unwrap()).await.unwrap().entries.len(), 500);
    }
    assert_eq!(raw.streams(StreamsQuery::new().limit(0)).await.unwrap().entries.len(), 1, "a page goes on");
}

/// A tool that may read, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn the_right_to_read_is_enough_for_a_tool() {
    let db = TestDb::new().await;
    history(&db.store()).await;
    let role = format!("tool_{}", Uuid::now_v7().simple());
    let mut documented = include_str!("../../docs/operating.md").split("```");
    let grants = documented.find(|block| block.starts_with("sql\ncreate role tool;")).unwrap();
    let grants = grants.trim_start_matches("sql").replace(" tool;", &format!(" {role};"));
    raw_sql(AssertSqlSafe(grants)).execute(db.pool()).await.unwrap();
    let options = db.options().clone().options([("role", role.as_str())]);
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    let raw = PgStore::with_options(pool.clone(), PgOptions::new()).unwrap().raw();

    assert_eq!(positions(raw.log(LogQuery::default())).await.len(), 6);
    assert_eq!(positions(raw.log(LogQuery::default().backwards())).await.len(), 6);
    assert_eq!(positions(raw.stream(StreamQuery::new(account(1)))).await.len(), 3);
    assert_eq!(raw.categories(CategoryQuery::new()).await.unwrap().entries.len(), 2);
    assert_eq!(raw.streams(StreamsQuery::new()).await.unwrap().entries.len(), 3);
    assert_eq!(raw.checkpoints(CheckpointQuery::new()).await.unwrap().entries.len(), 0);
    assert_eq!(raw.event_types().await.unwrap().len(), 3);
    pool.close().await;
    raw_sql(AssertSqlSafe(format!("drop owned by {role}; drop role {role}"))).execute(db.pool()).await.unwrap();
}

/// All but the log forwards: which transactions may still commit earlier events, only a primary says.
#[tokio::test(flavor = "multi_thread")]
async fn a_tool_reads_from_a_standby() {
    let primary = ClusterOptions::new().durable().start().unwrap();
    let db = TestDb::on(&primary).await;
    let standby = Standby::of(db.options()).await;
    history(&db.store()).await;
    standby.until("select count(*) = 6 from eventsourcing.events").await;
    let pool = PgPoolOptions::new().connect_lazy_with(standby.options().clone());
    let raw = PgStore::new(pool).raw();

    assert_eq!(positions(raw.log(LogQuery::default().backwards())).await, [6, 5, 4, 3, 2, 1]);
    assert_eq!(positions(raw.stream(StreamQuery::new(account(1)))).await.len(), 3);
    assert_eq!(raw.categories(CategoryQuery::new()).await.unwrap().entries.len(), 2);
    for order in [StreamOrder::default(), StreamOrder::LATEST, StreamOrder::LONGEST] {
        assert_eq!(raw.streams(StreamsQuery::new().order(order)).await.unwrap().entries.len(), 3);
    }
    assert_eq!(raw.checkpoints(CheckpointQuery::new()).await.unwrap().entries.len(), 0);
    assert_eq!(raw.event_types().await.unwrap().len(), 3);
    let forwards = patiently(raw.log(LogQuery::default()).next()).await.unwrap();
    assert!(matches!(forwards, Err(StoreError::Standby)), "{forwards:?}");
}

/// How many rows the steps of a plan have read.
fn rows_read(plan: &[String]) -> f64 {
    let number = |text: &str| text.split(|c: char| c != '.' && !c.is_ascii_digit()).next()?.parse::<f64>().ok();
    let after = |line: &str, words: &str| line.split_once(words).and_then(|(_, rest)| number(rest));
    let read = |line: &String| {
        let rows = after(line, "actual rows=").unwrap_or_default() * after(line, "loops=").unwrap_or(1.0);
        rows + after(line, "Rows Removed by Filter: ").unwrap_or_default()
    };
    plan.iter().map(read).sum()
}

/// In a log of 20,000 events and 200 streams, a list reads about what is in it.
#[tokio::test]
async fn no_list_reads_the_whole_log() {
    let db = TestDb::new().await;
    raw_sql(
        "insert into eventsourcing.events (version, event_id, schema_version, stream_id, tag, payload)
         select n / 200 + 1, gen_random_uuid(), 1, 'c' || n % 4 || '/' || n % 200, 'counted', '1'
         from generate_series(0, 19999) n",
    )
    .execute(db.pool())
    .await
    .unwrap();
    raw_sql("vacuum analyze eventsourcing.events").execute(db.pool()).await.unwrap();
    let backend = db.backend();
    let cases: [(&str, &str, f64); 4] = [
        ("categories", "'', 101::bigint, 510", 100.0),
        ("streams_by_id", "'c1/', '', 11::bigint", 200.0),
        ("streams_latest", "'', 9223372036854775807::bigint, 10::bigint, 1000::bigint", 2_500.0),
        ("streams_longest", "'', '', null::bigint, null::text, 11::bigint", 3_000.0),
    ];
    for (name, parameters, most) in cases {
        let (_, sql) = backend.statements().find(|(statement, _)| *statement == name).unwrap();
        for mode in ["force_generic_plan", "force_custom_plan"] {
            let mut connection = db.connect().await;
            let prepare = format!("set plan_cache_mode = {mode}; prepare list as {sql}");
            raw_sql(AssertSqlSafe(prepare)).execute(&mut connection).await.unwrap();
            let explain = format!("explain (analyze, costs off, timing off, summary off) execute list({parameters})");
            let rows = raw_sql(AssertSqlSafe(explain)).fetch_all(&mut connection).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            let read = rows_read(&plan);
            assert!((1.0..=most).contains(&read), "{name}, {mode}: {read} rows\n{}", plan.join("\n"));
        }
    }
}

/// Where a record has its texts.
fn addresses<E>(recorded: &Recorded<E>) -> [*const u8; 3] {
    let user = recorded.metadata.get("user").unwrap();
    [recorded.stream_id.as_str(), recorded.tag.as_str(), user].map(str::as_ptr)
}

/// Memory is for what differs: a thousand subscribers of an event have one copy of its names and metadata, and the events of a
/// page one of the tag and the stream that they share.
#[tokio::test(flavor = "multi_thread")]
async fn what_events_have_in_common_is_in_memory_once() {
    let db = TestDb::new().await;
    let store = db.store();
    let log = store.all::<AccountEvent>();
    let mut live = Vec::new();
    for _ in 0..3 {
        let mut subscription = log.subscribe(After::End).await.unwrap();
        assert!(matches!(patiently(subscription.next_delivery()).await.unwrap(), Delivery::CaughtUp));
        live.push(subscription);
    }
    let stream = store.stream(account(1)).with(Metadata::new().with("user", "ada"));
    stream.append(ExpectedVersion::NoStream, deposits(3)).await.unwrap();
    for _ in 0..3 {
        let mut seen = Vec::new();
        for subscription in &mut live {
            seen.push(addresses(&patiently(subscription.next()).await.unwrap()));
        }
        assert!(seen.iter().all(|of| *of == seen[0]), "{seen:?}");
    }
    let read = all(store.raw().stream(StreamQuery::new(account(1)))).await;
    let names: Vec<_> = read.iter().map(|recorded| addresses(recorded)[..2].to_vec()).collect();
    assert!(names.len() == 3 && names.iter().all(|of| *of == names[0]), "{names:?}");
}
