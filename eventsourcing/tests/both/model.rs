//! Append and read against a model in memory: any sequence of operations has the same results in both.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};

use eventsourcing::{
    Encoded, EventId, ExpectedVersion, NewEvent, SchemaVersion, StreamId, StreamVersion, Tag,
    port::{Append, AppendError, Appends, Direction, Filter, LogQuery, Reads, StreamQuery, Transactions, Via},
};
use proptest::prelude::*;

use crate::support::{Database, TestDb, port::events_of};

#[derive(Debug, Clone)]
enum Operation {
    /// Appends to the streams, in one group, inside a transaction that is rolled back, committed, or not there.
    Append { group: BTreeMap<u8, (Expected, usize)>, inside: Inside },
    /// Reads a stream.
    Read { stream: u8, from: Option<i64>, backwards: bool, limit: i64 },
    /// Appends the same events with the same expectation as the n-th successful append did.
    Repeat(usize),
}

#[derive(Debug, Clone, Copy)]
enum Expected {
    Any,
    NoStream,
    StreamExists,
    /// The version that the model has, and this much.
    Exact(i64),
}

#[derive(Debug, Clone, Copy)]
enum Inside {
    Nothing,
    Committed,
    RolledBack,
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let expected = prop_oneof![
        Just(Expected::Any),
        Just(Expected::NoStream),
        Just(Expected::StreamExists),
        (-1..=1_i64).prop_map(Expected::Exact),
        Just(Expected::Exact(0)),
    ];
    let inside = prop_oneof![3 => Just(Inside::Nothing), 1 => Just(Inside::Committed), 1 => Just(Inside::RolledBack)];
    let group = prop::collection::btree_map(0..4_u8, (expected, 0..4_usize), 1..4);
    let append = (group, inside).prop_map(|(group, inside)| Operation::Append { group, inside });
    let read = (0..4_u8, prop::option::of(1..12_i64), any::<bool>(), 0..9_i64)
        .prop_map(|(stream, from, backwards, limit)| Operation::Read { stream, from, backwards, limit });
    let repeat = any::<prop::sample::Index>().prop_map(|index| Operation::Repeat(index.index(8)));
    prop::collection::vec(prop_oneof![4 => append, 2 => read, 1 => repeat], 1..30)
}

/// What the model knows of a stored event: its id and its payload.
type Stored = (EventId, Vec<u8>);

struct Model {
    store: Database,
    category: String,
    streams: BTreeMap<u8, Vec<Stored>>,
    /// Successful appends, as they were sent, with the version each came to.
    done: Vec<(u8, Append, i64)>,
    counter: u32,
}

impl Model {
    fn id(&self, stream: u8) -> StreamId {
        StreamId::new(&self.category, stream).unwrap()
    }

    fn version(&self, stream: u8) -> i64 {
        i64::try_from(self.streams.get(&stream).map_or(0, Vec::len)).unwrap()
    }

    fn append(&mut self, stream: u8, expected: Expected, count: usize) -> Append {
        let expected = match expected {
            Expected::Any => ExpectedVersion::Any,
            Expected::NoStream => ExpectedVersion::NoStream,
            Expected::StreamExists => ExpectedVersion::StreamExists,
            Expected::Exact(off) => StreamVersion::new(self.version(stream) + off).into(),
        };
        let events = (0..count)
            .map(|_| {
                self.counter += 1;
                let payload = format!("{{ \"n\":{} , \"t\": \"\\u00e9\"}}", self.counter).into_bytes();
                NewEvent::new(Encoded::new(Tag::from_static("model"), SchemaVersion::FIRST, payload)).id(EventId::new())
            })
            .collect();
        Append::new(self.id(stream), expected, events)
    }

    async fn run(&mut self, operation: Operation) {
        match operation {
            Operation::Append { group, inside } => self.run_append(group, inside).await,
            Operation::Read { stream, from, backwards, limit } => self.run_read(stream, from, backwards, limit).await,
            Operation::Repeat(index) => self.run_repeat(index).await,
        }
    }

    async fn run_append(&mut self, group: BTreeMap<u8, (Expected, usize)>, inside: Inside) {
        let group: Vec<(u8, Append)> = group
            .into_iter()
            .map(|(stream, (expected, count))| (stream, self.append(stream, expected, count)))
            .collect();
        let appends: Vec<Append> = group.iter().map(|(_, append)| append.clone()).collect();
        let results = match inside {
            Inside::Nothing => self.store.append(Via::Store, &appends).await.unwrap(),
            Inside::Committed | Inside::RolledBack => {
                let mut transaction = self.store.begin().await.unwrap();
                let via = Via::Caller(Database::connection(&mut transaction));
                let results = self.store.append(via, &appends).await.unwrap();
                match inside {
                    Inside::RolledBack => Database::rollback(transaction).await.unwrap(),
                    _ => Database::commit(transaction).await.unwrap(),
                }
                results
            }
        };
        for ((stream, append), result) in group.into_iter().zip(results) {
            let actual = StreamVersion::new(self.version(stream));
            let count = i64::try_from(append.events.len()).unwrap();
            match result {
                Ok(appended) => {
                    assert!(append.expected.admits(actual), "{append:?} at {actual:?}");
                    let version = (count > 0).then(|| StreamVersion::new(self.version(stream) + count).unwrap());
                    assert_eq!(appended.version, version);
                    if !matches!(inside, Inside::RolledBack) && count > 0 {
                        let stored = append.events.iter().map(|new| (new.id.unwrap(), new.event.payload.clone()));
                        self.streams.entry(stream).or_default().extend(stored);
                        self.done.push((stream, append, self.version(stream)));
                    }
                }
                Err(AppendError::Conflict(conflict)) => {
                    assert!(!append.expected.admits(actual), "{append:?} at {actual:?}");
                    assert_eq!(conflict.actual, actual);
                }
                Err(error) => panic!("{append:?}: {error}"),
            }
        }
    }

    async fn run_read(&mut self, stream: u8, from: Option<i64>, backwards: bool, limit: i64) {
        let query = StreamQuery::new(self.id(stream))
            .from(from.map(|from| StreamVersion::new(from).unwrap()))
            .direction(if backwards { Direction::Backwards } else { Direction::Forwards })
            .limit(limit);
        let read = events_of(self.store.read_stream(Via::Store, query).await.unwrap());
        let read: Vec<_> = read
            .into_iter()
            .map(|event| (event.version.get(), (event.event_id, event.event.as_ref().to_vec())))
            .collect();
        let stored = self.streams.get(&stream).cloned().unwrap_or_default();
        let mut expected: Vec<_> = (1_i64..).zip(stored).collect();
        if backwards {
            expected.reverse();
            expected.retain(|(version, _)| from.is_none_or(|from| *version <= from));
        } else {
            expected.retain(|(version, _)| from.is_none_or(|from| *version >= from));
        }
        expected.truncate(usize::try_from(limit).unwrap());
        assert_eq!(read, expected);
    }

    async fn run_repeat(&mut self, index: usize) {
        if let Some((_, append, version)) = self.done.get(index) {
            let results = self.store.append(Via::Store, std::slice::from_ref(append)).await.unwrap();
            assert_eq!(results[0].as_ref().unwrap().version, StreamVersion::new(*version));
        }
    }

    /// The log holds all streams of the model and nothing else, each in order.
    async fn check_log(&self) {
        let filter = Filter::new().category(Some(self.category.parse().unwrap()));
        let query = LogQuery::new(filter);
        let log = events_of(self.store.read_log(query).await.unwrap());
        let mut streams: BTreeMap<u8, Vec<Stored>> = BTreeMap::new();
        for event in log {
            let stream = streams.entry(event.stream_id.id().parse().unwrap()).or_default();
            stream.push((event.event_id, event.event.as_ref().to_vec()));
        }
        assert_eq!(streams, self.streams);
    }
}

#[test]
fn any_operations_have_the_results_of_the_model() {
    static CASES: AtomicU32 = AtomicU32::new(0);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let db = runtime.block_on(TestDb::new());
    let store = runtime.block_on(async { db.backend() });
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 96, ..ProptestConfig::default() });
    let result = runner.run(&operations(), |operations| {
        runtime.block_on(async {
            let mut model = Model {
                store: store.clone(),
                // A category of its own for each case, in one database.
                category: format!("case{}", CASES.fetch_add(1, Ordering::SeqCst)),
                streams: BTreeMap::new(),
                done: Vec::new(),
                counter: 0,
            };
            for operation in operations {
                model.run(operation).await;
            }
            model.check_log().await;
        });
        Ok(())
    });
    result.unwrap();
}
