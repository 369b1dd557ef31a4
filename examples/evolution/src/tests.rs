//! The program itself, and what each release makes of the rows of the others.

use eventsourcing::{Encoded, Event, SchemaVersion, Tag, codec::DecodeError};

use crate::{
    events::{Plan, Started, SubscriptionEvent},
    past::{release_1, release_2},
};

fn decode<E: Event>(tag: &'static str, version: u16, payload: &str) -> Result<Option<E>, DecodeError> {
    let schema_version = SchemaVersion::new(version).unwrap();
    E::decode(&Encoded::new(Tag::from_static(tag), schema_version, payload.as_bytes()))
}

fn today(tag: &'static str, version: u16, payload: &str) -> Option<SubscriptionEvent> {
    decode(tag, version, payload).unwrap()
}

#[tokio::test]
async fn rows_of_three_releases_are_read_as_one_type() {
    let (store, id) = (crate::connect().await.unwrap(), unique("ada"));
    crate::example_three_releases_write(&store, &id).await.unwrap();
    crate::example_today_reads_all_versions(&store, &id).await.unwrap();
    crate::example_a_release_that_came_back(&store, &id).await.unwrap();
}

#[tokio::test]
async fn a_snapshot_of_another_state_is_rebuilt() {
    crate::example_a_snapshot_is_rebuilt(&crate::connect().await.unwrap(), &unique("grace")).await.unwrap();
}

#[tokio::test]
async fn a_failing_step_says_where_its_event_stands() {
    crate::example_a_step_that_fails(&crate::connect().await.unwrap(), &unique("alan")).await.unwrap();
}

#[test]
fn each_version_becomes_todays_event() {
    let expected = |plan| {
        Some(SubscriptionEvent::Started(Started { email: "ada@example.org".into(), plan, price: crate::TEN_EUROS }))
    };
    let first = r#"{"email":"ada@example.org","plan":"premium","price":10}"#;
    assert_eq!(today("subscription.started", 1, first), expected(Plan::Plus));
    let second = r#"{"email":"ada@example.org","plan":"basic","price":{"cents":1000,"currency":"Eur"}}"#;
    assert_eq!(today("subscription.started", 2, second), expected(Plan::Basic));
    let third = r#"{"email":"ada@example.org","plan":"Team","price":{"cents":1000,"currency":"Eur"}}"#;
    assert_eq!(today("subscription.started", 3, third), expected(Plan::Team));
}

#[test]
fn a_retired_event_is_passed_over() {
    assert_eq!(today("subscription.paused", 1, r#"{"until":null}"#), None);
}

#[test]
fn an_older_release_stops_at_a_newer_version() {
    let third = r#"{"email":"ada@example.org","plan":"Team","price":{"cents":1000,"currency":"Eur"}}"#;
    let error = decode::<release_2::SubscriptionEvent>("subscription.started", 3, third).unwrap_err();
    assert!(matches!(error, DecodeError::UnknownVersion { .. }), "{error}");
    let error = decode::<release_1::SubscriptionEvent>("subscription.renewed", 1, "{}").unwrap_err();
    assert!(matches!(error, DecodeError::UnknownTag { .. }), "{error}");
}

#[test]
fn an_older_release_ignores_a_field_it_does_not_know() {
    let written = SubscriptionEvent::Cancelled { reason: "moved".into(), refund: Some(crate::TEN_EUROS) };
    let encoded = written.encode().unwrap();
    let payload = str::from_utf8(&encoded.payload).unwrap();
    let read = decode::<release_2::SubscriptionEvent>("subscription.cancelled", encoded.schema_version.get(), payload);
    assert_eq!(read.unwrap(), Some(release_2::SubscriptionEvent::Cancelled { reason: "moved".into() }));
}

/// An id that no other test and no other run uses.
fn unique(name: &str) -> String {
    format!("{name}-{}", eventsourcing::EventId::new())
}
