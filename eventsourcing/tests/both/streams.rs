//! Streams and the log as users read and write them.

use eventsourcing::{
    AppendBatch, AppendError, Category, Event, EventId, ExpectedVersion, GlobalPosition, Metadata, NewEvent, ReadError,
    SchemaVersion, StreamId, StreamVersion,
    codec::DecodeError,
    port::{Append, InvalidAppend},
};
use futures_util::TryStreamExt;

use crate::support::{
    TestDb,
    account::{AccountEvent, account, deposits},
    port::{event, run},
};

fn version(number: i64) -> StreamVersion {
    StreamVersion::new(number).unwrap()
}

fn cents(cents: i64) -> AccountEvent {
    AccountEvent::Deposited { cents }
}

#[tokio::test]
async fn a_stream_is_read_in_pages_both_ways() {
    let db = TestDb::new().await;
    let stream = db.store().stream::<AccountEvent>(account(1));
    let events: Vec<_> = (1..=1_300).map(cents).collect();
    stream.append(ExpectedVersion::NoStream, events.clone()).await.unwrap();

    let read: Vec<_> = stream.read().try_collect().await.unwrap();
    assert!(read.iter().map(|recorded| &recorded.event).eq(&events));
    let mut backwards = stream.read().backwards().from(version(700)).limit(600);
    let mut seen = Vec::new();
    while let Some(recorded) = backwards.next().await {
        seen.push(recorded.unwrap().version.get());
    }
    assert!(seen.iter().copied().eq((101..=700).rev()));
    assert!(stream.read().from(version(1_301)).next().await.is_none());
    assert!(stream.read().limit(0).next().await.is_none());
    assert!(db.store().stream::<AccountEvent>(account(2)).read().next().await.is_none());
}

#[tokio::test]
async fn what_a_handle_says_stands_behind_what_an_event_says() {
    let db = TestDb::new().await;
    let said = Metadata::new().correlation_id("all").with("user", "ada").with("host", "a");
    let stream = db.store().stream::<AccountEvent>(account(1)).with(said);
    let id = EventId::new();
    let own = Metadata::new().causation_id("one").with("user", "grace");
    stream.append(ExpectedVersion::Any, [NewEvent::new(cents(1)).id(id).metadata(own), cents(2).into()]).await.unwrap();

    let read: Vec<_> = stream.read().try_collect().await.unwrap();
    let [first, second] = &read[..] else { panic!("two events") };
    assert_eq!(
        (first.event_id, first.metadata.correlation(), first.metadata.causation()),
        (id, Some("all"), Some("one"))
    );
    assert_eq!((first.metadata.get("user"), first.metadata.get("host")), (Some("grace"), Some("a")));
    assert_eq!((second.metadata.causation(), second.metadata.get("user")), (None, Some("ada")));
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "audit", unlocked)]
enum AuditEvent {
    Looked,
    #[event(nested)]
    Account(AccountEvent),
}

#[tokio::test]
async fn all_and_category_read_only_their_events_in_global_order() {
    let db = TestDb::new().await;
    let store = db.store();
    let audit = StreamId::new("audit", 1).unwrap();
    for round in 0..3 {
        store.stream(account(round)).append(ExpectedVersion::Any, deposits(2)).await.unwrap();
        store.stream(audit.clone()).append(ExpectedVersion::Any, [AuditEvent::Looked]).await.unwrap();
    }
    let all: Vec<_> = store.all::<AuditEvent>().read().try_collect().await.unwrap();
    assert_eq!(all.len(), 9);
    assert!(all.is_sorted_by_key(|recorded| recorded.position));
    assert!(matches!(all[0].event, AuditEvent::Account(AccountEvent::Deposited { cents: 1 })));

    let accounts: Vec<_> = store.all::<AccountEvent>().read().try_collect().await.unwrap();
    assert_eq!(accounts.len(), 6);
    let category = store.category::<AuditEvent>(Category::from_static("audit"));
    let looked: Vec<_> = category.read().try_collect().await.unwrap();
    assert!(looked.len() == 3 && looked.iter().all(|recorded| recorded.event == AuditEvent::Looked));
    let newest = store.all::<AuditEvent>().read().backwards().limit(1).next().await.unwrap().unwrap();
    assert_eq!(newest.position, all[8].position);
    let rest: Vec<_> = store.all::<AuditEvent>().read().from(all[5].position).try_collect().await.unwrap();
    assert_eq!(rest.len(), 4);
}

#[tokio::test]
async fn a_batch_is_all_or_nothing() {
    let db = TestDb::new().await;
    let store = db.store();
    let mut batch = AppendBatch::new().with(Metadata::new().correlation_id("batch"));
    batch.add(account(1), ExpectedVersion::NoStream, deposits(2)).unwrap();
    batch.add(account(2), ExpectedVersion::NoStream, deposits(1)).unwrap();
    let twice = batch.add(account(2), ExpectedVersion::Any, deposits(1));
    assert!(matches!(twice, Err(AppendError::Invalid(InvalidAppend::DuplicateStream { .. }))));
    let appended = store.append_batch(batch.clone()).await.unwrap();
    assert_eq!(
        appended.iter().map(|appended| appended.version).collect::<Vec<_>>(),
        [Some(version(2)), Some(version(1))]
    );

    let mut stale = AppendBatch::new();
    stale.add(account(3), ExpectedVersion::NoStream, deposits(1)).unwrap();
    stale.add(account(2), ExpectedVersion::NoStream, deposits(1)).unwrap();
    let refused = store.append_batch(stale).await;
    assert!(matches!(refused, Err(AppendError::Conflict(conflict)) if conflict.stream_id == account(2)));
    assert!(store.stream::<AccountEvent>(account(3)).read().next().await.is_none(), "nothing of it is stored");
}

#[tokio::test]
async fn an_event_that_cannot_be_decoded_is_named() {
    let db = TestDb::new().await;
    let store = db.store();
    for (id, version, tag, payload) in [
        (1, 1, "account.deposited", r#"{"cents":"one"}"#),
        (2, 7, "account.deposited", r#"{"cents":1}"#),
        (3, 1, "account.renamed", "{}"),
        (4, 1, "account.frozen", "{}"),
    ] {
        let mut event = event(tag, payload);
        event.event.schema_version = SchemaVersion::new(version).unwrap();
        let append = Append::new(account(id), ExpectedVersion::NoStream, vec![event]);
        run(&db.backend(), &append).await.unwrap();
    }
    let mut errors = Vec::new();
    for id in 1..=3 {
        let mut events = store.stream::<AccountEvent>(account(id)).read();
        let Some(Err(ReadError::Decode { stream_id, position, source, .. })) = events.next().await else {
            panic!("account {id} is readable")
        };
        assert_eq!((stream_id, position), (account(id), GlobalPosition::new(id.into()).unwrap()));
        assert!(events.next().await.is_none(), "nothing comes after an error");
        errors.push(source);
    }
    assert!(matches!(&errors[0], DecodeError::Payload { source, .. } if source.to_string().contains("cents")));
    assert!(matches!(&errors[1], DecodeError::UnknownVersion { version, .. } if version.get() == 7));
    assert!(matches!(&errors[2], DecodeError::UnknownTag { tag } if tag.as_str() == "account.renamed"));
    let mut retired = store.stream::<AccountEvent>(account(4)).read();
    assert!(retired.next().await.is_none(), "a retired event is passed over");
}
