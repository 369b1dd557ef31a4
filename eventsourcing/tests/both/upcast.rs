//! Events of older versions, stored by older releases, as today's code reads them.

use eventsourcing::{
    Event, ExpectedVersion, ReadError, Schema, SchemaVersion, StreamId, codec::DecodeError, port::Append,
};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};

use crate::support::{
    TestDb,
    port::{event, id, run},
};

#[derive(Debug, PartialEq, Event)]
#[event(prefix = "ticket", unlocked)]
enum TicketEvent {
    #[event(version = 3, upcast(1 = PricedV1, 2 = PricedV2))]
    Priced(Priced),
}

#[derive(Debug, PartialEq, Serialize, Deserialize, Schema)]
struct Priced {
    cents: i64,
    currency: String,
}

#[derive(Deserialize, Schema)]
struct PricedV1 {
    euros: i64,
}

#[derive(Deserialize, Schema)]
struct PricedV2 {
    cents: i64,
}

impl TryFrom<PricedV1> for PricedV2 {
    type Error = String;

    fn try_from(old: PricedV1) -> Result<Self, String> {
        let cents = old.euros.checked_mul(100).ok_or_else(|| format!("{} euros are too many", old.euros))?;
        Ok(Self { cents })
    }
}

impl From<PricedV2> for Priced {
    fn from(old: PricedV2) -> Self {
        Self { cents: old.cents, currency: "EUR".to_owned() }
    }
}

#[tokio::test]
async fn each_version_is_read_and_a_failing_step_says_which_event_it_was() {
    let db = TestDb::new().await;
    let stored = [
        (1, r#"{"euros":4}"#),
        (2, r#"{"cents":450}"#),
        (3, r#"{"cents":500,"currency":"USD"}"#),
        (1, r#"{"euros":9223372036854775807}"#),
    ];
    let events = stored.map(|(version, payload)| {
        let mut event = event("ticket.priced", payload);
        event.event.schema_version = SchemaVersion::new(version).unwrap();
        event
    });
    let append = Append::new(id("ticket/1"), ExpectedVersion::NoStream, events.to_vec());
    run(&db.backend(), &append).await.unwrap();
    let stream = db.store().stream::<TicketEvent>(StreamId::new("ticket", 1).unwrap());

    let read: Vec<_> = stream.read().limit(3).try_collect().await.unwrap();
    let priced = |cents, currency: &str| TicketEvent::Priced(Priced { cents, currency: currency.to_owned() });
    let events: Vec<_> = read.into_iter().map(|recorded| recorded.event).collect();
    assert_eq!(events, [priced(400, "EUR"), priced(450, "EUR"), priced(500, "USD")]);

    let error = stream.read().try_collect::<Vec<_>>().await.unwrap_err();
    let ReadError::Decode { stream_id, version, position, tag, source } = &error else { panic!("{error}") };
    assert_eq!((stream_id.as_str(), version.get(), position.get(), tag.as_str()), ("ticket/1", 4, 4, "ticket.priced"));
    let DecodeError::Upcast { version, source, .. } = source else { panic!("{source}") };
    assert_eq!((version.get(), source.to_string().as_str()), (1, "9223372036854775807 euros are too many"));
}
