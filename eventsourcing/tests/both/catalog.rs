//! Event types of several packages in one program: their catalogs are merged and checked, and no tag belongs to two.

use eventsourcing::{
    After, AppendBatch, Catalog, Encoded, Event,
    ExpectedVersion::Any,
    HistoryError, SchemaVersion, StoreError,
    codec::{DecodeError, EncodeError},
    handles::Store,
    schema::{EventType, EventTypes, Locked, Origin, RetiredType, Shape, SharedName, SharedNameKind},
};

use crate::support::{Database, TestDb, port::id};

/// An event type as another package would have it, with one event.
macro_rules! of_package {
    ($name:ident, $package:literal, $(section $section:literal,)? $tag:literal $(, nested $nested:ty)? $(, retired $retired:literal)?) => {
        #[derive(Debug, Clone, PartialEq)]
        struct $name;

        impl Event for $name {
            const TYPES: EventTypes =
                EventTypes::new(&[EventType::new($tag, SchemaVersion::FIRST, Shape::Null)])
                    .nested(&[$(&<$nested>::TYPES)?])
                    .retired(&[$(RetiredType::new($retired, SchemaVersion::FIRST, SchemaVersion::FIRST))?])
                    .origin(Origin::new($package, concat!($package, "::", stringify!($name)))$(.section($section))?);

            fn encode(&self) -> Result<Encoded<Vec<u8>>, EncodeError> {
                let tag = eventsourcing::Tag::from_static($tag);
                Ok(Encoded::new(tag, SchemaVersion::FIRST, b"null".to_vec()))
            }

            fn decode(_: &Encoded<&[u8]>) -> Result<Option<Self>, DecodeError> {
                Ok(Some(Self))
            }
        }

        impl Locked for $name {}
    };
}

of_package!(Opened, "accounts", section "account", "account.opened");
of_package!(SameTag, "ledger", section "ledger", "account.opened");
of_package!(SamePrefix, "ledger", section "account", "account.booked");
of_package!(Retired, "archive", section "archive", "archive.kept", retired "account.opened");
of_package!(Composed, "bank", "bank.founded", nested SameTag);
of_package!(Older, "accounts", section "account", "account.opened");
of_package!(Issued, "cards", section "card", "card.issued");

const ACCOUNTS: Catalog = Catalog::new(&[Opened::LISTED]);
const CARDS: Catalog = Catalog::new(&[Issued::LISTED]);

fn shared(result: Result<impl Sized, StoreError>) -> SharedName {
    match result.map(drop) {
        Err(StoreError::SharedName(shared)) => *shared,
        other => panic!("no shared name: {other:?}"),
    }
}

#[test]
fn catalogs_of_several_packages_are_merged() {
    let merged = Catalog::merge([ACCOUNTS, CARDS, ACCOUNTS]).unwrap();
    let tags: Vec<&str> = merged.events().map(|event| event.tag).collect();
    assert_eq!(tags, ["account.opened", "card.issued"]);
    assert_eq!(merged.types().len(), 2);
}

#[test]
fn a_tag_or_a_prefix_of_two_packages_is_refused_with_both_named() {
    for (listed, kind, name) in [
        (SameTag::LISTED, SharedNameKind::Tag, "account.opened"),
        (Composed::LISTED, SharedNameKind::Tag, "account.opened"),
        (Retired::LISTED, SharedNameKind::Tag, "account.opened"),
        (SamePrefix::LISTED, SharedNameKind::Section, "account"),
    ] {
        let other = Catalog::new(vec![listed].leak());
        let shared = Catalog::merge([ACCOUNTS, other]).unwrap_err();
        assert_eq!((shared.kind, shared.name), (kind, name));
        let message = shared.to_string();
        assert!(message.contains("`accounts`") && message.contains("package `"), "{message}");
        assert!(message.contains(&format!("package `{}`", shared.second.package)), "{message}");
    }
}

#[test]
fn two_releases_of_a_type_in_one_package_may_share_their_tags() {
    Catalog::merge([ACCOUNTS, Catalog::new(&[Older::LISTED])]).unwrap();
}

#[tokio::test]
async fn a_store_refuses_a_tag_of_another_package_when_it_meets_it() {
    let db = TestDb::new().await;
    let store = db.store();
    store.stream::<Opened>(id("account/1")).append(Any, [Opened]).await.unwrap();

    let append = store.stream::<SameTag>(id("account/2")).append(Any, [SameTag]).await;
    let Err(eventsourcing::AppendError::Store(error)) = append else { panic!("stored: {append:?}") };
    assert_eq!(
        error.to_string(),
        "the tag `account.opened` is that of `accounts::Opened` in the package `accounts`, and of `ledger::SameTag` in the \
         package `ledger`; a stored event belongs to one type: give one of them another prefix or tag",
    );
    let mut read = store.stream::<SameTag>(id("account/1")).read();
    assert!(matches!(read.next().await, Some(Err(eventsourcing::ReadError::Store(StoreError::SharedName(_))))));
    assert!(read.next().await.is_none());
    assert!(store.all::<Composed>().subscribe(After::Start).await.is_err(), "nested types count");
    let mut batch = AppendBatch::new();
    batch.add::<SamePrefix>(id("account/3"), Any, [SamePrefix]).unwrap();
    assert!(store.append_batch(batch).await.is_err());
    let mut transaction = store.begin().await.unwrap();
    assert!(transaction.stream::<SamePrefix>(id("account/3")).append(Any, [SamePrefix]).await.is_err());
    transaction.rollback().await.unwrap();

    assert_eq!(count(&store).await, 1, "nothing that was refused is stored");
    store.stream::<Older>(id("account/1")).append(Any, [Older]).await.unwrap();
    // Another store of the process has not met the first package.
    db.store().stream::<SameTag>(id("account/2")).append(Any, [SameTag]).await.unwrap();
}

#[tokio::test]
async fn a_catalog_is_verified_as_a_whole() {
    let db = TestDb::new().await;
    let store = db.store();
    store.stream::<Opened>(id("account/1")).append(Any, [Opened]).await.unwrap();
    store.stream::<Issued>(id("card/1")).append(Any, [Issued]).await.unwrap();

    store.verify_catalog(&Catalog::merge([ACCOUNTS, CARDS]).unwrap()).await.unwrap();
    let Err(HistoryError::Unreadable(history)) = store.verify_catalog(&ACCOUNTS).await else {
        panic!("cards are known")
    };
    assert_eq!(history.types.len(), 1);
    assert_eq!(history.types[0].stored.tag.as_str(), "card.issued");

    let both = Catalog::new(&[Opened::LISTED, Issued::LISTED, SamePrefix::LISTED]);
    let Err(HistoryError::Store(error)) = store.verify_catalog(&both).await else { panic!("a prefix is shared") };
    assert_eq!(shared(Err::<(), _>(error)).second.package, "ledger");
    let Err(HistoryError::Store(error)) = store.verify_history::<SamePrefix>().await else { panic!("it has met both") };
    assert_eq!(shared(Err::<(), _>(error)).name, "account");
}

async fn count(store: &Store<Database>) -> usize {
    let mut events = store.all::<Opened>().read();
    let mut count = 0;
    while events.next().await.transpose().unwrap().is_some() {
        count += 1;
    }
    count
}

#[test]
fn a_catalog_has_every_version_that_is_read() {
    const SECOND: SchemaVersion = SchemaVersion::new(2).unwrap();
    const TYPES: EventTypes =
        EventTypes::new(&[EventType::new("card.limited", SECOND, Shape::String).older(&[Shape::Bool])]);
    let events: Vec<_> = Catalog::new(&[&TYPES]).events().collect();
    let seen: Vec<_> = events.iter().map(|event| (event.version.get(), event.is_written, event.shape)).collect();
    assert_eq!(seen, [(1, false, &Shape::Bool), (2, true, &Shape::String)]);
    #[cfg(feature = "schemars")]
    for (event, ty) in events.iter().zip(["boolean", "string"]) {
        let schema = event.json_schema();
        assert_eq!(schema.get("title"), Some(&"card.limited".into()));
        assert_eq!(schema.get("x-version"), Some(&event.version.get().into()));
        assert_eq!(schema.get("type"), Some(&ty.into()));
    }
}
