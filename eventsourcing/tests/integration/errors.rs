//! Every error says its own part, and leaves the rest to its `source`: whoever prints the chain reads nothing twice.

use std::{error::Error, io, sync::Arc};

use eventsourcing::{
    AppendError, Event, EventId, ExecuteError, ExpectedVersion, GlobalPosition, HistoryError, LoadError,
    ProjectorError, ReadError, SchemaVersion, StoreError, StreamId, StreamVersion, SubscriptionError, Tag,
    VersionConflict,
    codec::{DecodeError, EncodeError, json},
    port::{InvalidAppend, Malformed},
};

use crate::support::account::{AccountEvent, account};

fn driver() -> Arc<dyn Error + Send + Sync> {
    Arc::new(io::Error::other("the driver says so"))
}

fn version(number: i64) -> StreamVersion {
    StreamVersion::new(number).unwrap()
}

fn position(number: i64) -> GlobalPosition {
    GlobalPosition::new(number).unwrap()
}

fn tag() -> Tag {
    Tag::from_static("account.deposited")
}

fn conflict() -> VersionConflict {
    VersionConflict::new(account(1), ExpectedVersion::NoStream, Some(version(3)))
}

fn malformed() -> Malformed {
    Malformed::new(
        "account/1".to_owned(),
        version(1),
        position(1),
        "account.deposited".to_owned(),
        "it has no payload".to_owned(),
    )
}

fn store_errors() -> Vec<StoreError> {
    vec![
        StoreError::Serialization { source: driver() },
        StoreError::Cancelled { source: driver() },
        StoreError::Unavailable { source: driver() },
        StoreError::PoolExhausted { connections: 10 },
        StoreError::TransactionAborted,
        StoreError::TransactionEnded,
        StoreError::Schema { schema: "s".to_owned(), problem: "no tables".to_owned() },
        StoreError::Unfit { problem: "no UTF-8".to_owned() },
        StoreError::SynchronousCommitOff,
        StoreError::Standby,
        StoreError::ReadOnly,
        StoreError::SequenceBehind { position: 1, log: 2 },
        StoreError::CheckpointAhead { checkpoint: position(9), end: None },
        StoreError::CheckpointDiverged { checkpoint: position(9) },
        StoreError::Corrupt { problem: "no version".to_owned() },
        StoreError::Database { source: driver() },
    ]
}

fn encode_errors() -> Vec<EncodeError> {
    let path = || ".amount".to_owned();
    let serde = serde_json::from_str::<u8>("-").unwrap_err();
    vec![
        EncodeError::NonFiniteFloat { path: path(), value: f64::NAN },
        EncodeError::Nul { path: path() },
        EncodeError::TooDeep { path: path() },
        EncodeError::DuplicateKey { path: path() },
        EncodeError::PrivateKey { path: path() },
        EncodeError::ChangedFormat { format: "decimal", feature: "rust_decimal/serde-float" },
        EncodeError::KeyOfField { path: path() },
        EncodeError::Unreadable { source: decode_errors().remove(0) },
        EncodeError::Serialize { path: path(), source: serde },
    ]
}

fn decode_errors() -> Vec<DecodeError> {
    let version = SchemaVersion::FIRST;
    vec![
        DecodeError::Payload { tag: tag(), version, source: json::from_slice::<u8>(b"\"x\"").unwrap_err() },
        DecodeError::Upcast { tag: tag(), version, source: "no such currency".into() },
        DecodeError::UnknownTag { tag: tag() },
        DecodeError::UnknownVersion { tag: tag(), version, newest: version },
    ]
}

fn append_errors() -> Vec<AppendError> {
    let encode = encode_errors().into_iter().map(|source| AppendError::Encode { index: 1, source });
    let own = [
        AppendError::Conflict(conflict()),
        AppendError::IdempotencyMismatch { stream_id: account(1), event_id: EventId::new() },
        AppendError::Invalid(InvalidAppend::TooManyEvents { events: 2, limit: 1 }),
    ];
    store_errors().into_iter().map(AppendError::Store).chain(encode).chain(own).collect()
}

fn read_errors() -> Vec<ReadError> {
    let decode = decode_errors().into_iter().map(|source| ReadError::Decode {
        stream_id: account(1),
        version: version(1),
        position: position(1),
        tag: tag(),
        source,
    });
    decode.chain([ReadError::Malformed(malformed())]).collect()
}

/// The errors of all operations, with every cause that they can have.
fn all() -> Vec<Box<dyn Error>> {
    let mut all: Vec<Box<dyn Error>> = Vec::new();
    let id = "".parse::<StreamId>().unwrap_err();
    for error in store_errors() {
        all.push(Box::new(ProjectorError::<io::Error>::Store(error.clone())));
        all.push(Box::new(HistoryError::Store(error.clone())));
        all.push(Box::new(LoadError::from(error.clone())));
        all.push(Box::new(SubscriptionError::from(error.clone())));
        all.push(Box::new(ReadError::from(error.clone())));
        all.push(Box::new(ExecuteError::<io::Error>::from(LoadError::from(error))));
    }
    for (one, other) in read_errors().into_iter().zip(read_errors()) {
        all.push(Box::new(ProjectorError::<io::Error>::Read { projection: "balances", source: one }));
        all.push(Box::new(ExecuteError::<io::Error>::from(LoadError::from(other))));
    }
    all.extend(read_errors().into_iter().map(|error| Box::new(SubscriptionError::from(error)) as Box<dyn Error>));
    all.extend(append_errors().into_iter().map(|error| Box::new(ExecuteError::<io::Error>::from(error)) as _));
    all.extend(append_errors().into_iter().map(|error| Box::new(error) as Box<dyn Error>));
    all.push(Box::new(LoadError::Id(id)));
    all.push(Box::new(ExecuteError::Decide(io::Error::other("the account is closed"))));
    let (from, to) = (Some(position(1)), Some(position(2)));
    all.push(Box::new(ProjectorError::Apply {
        projection: "balances",
        from,
        to,
        source: io::Error::other("no table"),
    }));
    let message = || "out of range".to_owned();
    all.push(Box::new(ProjectorError::<io::Error>::Panicked {
        projection: "balances",
        after: from,
        message: message(),
    }));
    all.push(Box::new(ProjectorError::<io::Error>::NameTaken { projection: "balances" }));
    all.push(Box::new(SubscriptionError::VersionAhead { stream_id: account(1), version: version(2), actual: None }));
    all
}

#[test]
fn no_error_says_what_its_source_says() {
    let all = all();
    assert!(all.len() > 150, "{}", all.len());
    for error in all {
        let chain: Vec<String> =
            std::iter::successors(Some(&*error), |&error| error.source()).map(ToString::to_string).collect();
        for (index, text) in chain.iter().enumerate() {
            assert!(!text.trim().is_empty(), "{chain:?}");
            for below in &chain[index + 1..] {
                assert!(!text.contains(below.as_str()), "{text:?} has {below:?} in it, and its source says that again");
            }
        }
    }
}

#[test]
fn the_cause_is_in_the_chain() {
    let refused = ExecuteError::Decide(io::Error::other("the account is closed"));
    assert_eq!(refused.source().unwrap().to_string(), "the account is closed");
    let stored = eventsourcing::Encoded::new(tag(), SchemaVersion::FIRST, &b"{\"cents\":\"1\"}"[..]);
    let error = AccountEvent::decode(&stored).unwrap_err();
    let chain: Vec<String> =
        std::iter::successors(Some(&error as &dyn Error), |&error| error.source()).map(ToString::to_string).collect();
    assert_eq!(
        chain,
        [
            "`account.deposited` version 1 does not have the expected shape",
            "at .cents",
            "invalid type: string \"1\", expected i64 at line 1 column 12",
        ]
    );
}

#[test]
fn what_may_help_when_it_is_tried_again_is_said_at_every_level() {
    for error in store_errors() {
        let is_retriable = error.is_retriable();
        assert_eq!(AppendError::Store(error.clone()).is_retriable(), is_retriable);
        assert_eq!(ReadError::Store(error.clone()).is_retriable(), is_retriable);
        assert_eq!(LoadError::from(error.clone()).is_retriable(), is_retriable);
        assert_eq!(SubscriptionError::from(error.clone()).is_retriable(), is_retriable);
        assert_eq!(HistoryError::from(error.clone()).is_retriable(), is_retriable);
        assert_eq!(ProjectorError::<io::Error>::from(error.clone()).is_retriable(), is_retriable);
        assert_eq!(ExecuteError::<io::Error>::from(error).is_retriable(), is_retriable);
    }
    assert!(AppendError::Conflict(conflict()).is_retriable());
    assert!(ExecuteError::<io::Error>::from(AppendError::Conflict(conflict())).is_retriable());
}
