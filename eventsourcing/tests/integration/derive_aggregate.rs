//! `derive(Aggregate)`: the event type, the id, the category, and snapshots.

use eventsourcing::{Aggregate, Apply, Event, Schema};
use serde::{Deserialize, Serialize};

#[derive(Debug, Event)]
#[event(prefix = "counter", unlocked)]
enum CounterEvent {
    Raised { by: i64 },
}

#[derive(Debug, Default, Aggregate)]
#[aggregate(event = CounterEvent, id = u64, category = "counter")]
struct Counter {
    sum: i64,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, Schema, Aggregate)]
#[aggregate(event = "CounterEvent", id = "String", category = "snapped")]
#[aggregate(snapshot(every = 50, version = 3))]
struct Snapped {
    sum: i64,
}

impl Apply<CounterEvent> for Counter {
    fn apply(&mut self, event: &CounterEvent) {
        let CounterEvent::Raised { by } = event;
        self.sum += by;
    }
}

impl Apply<CounterEvent> for Snapped {
    fn apply(&mut self, event: &CounterEvent) {
        let CounterEvent::Raised { by } = event;
        self.sum += by;
    }
}

#[test]
fn the_keys_are_what_the_trait_says() {
    assert_eq!(Counter::CATEGORY.as_str(), "counter");
    assert_eq!(Snapped::CATEGORY.as_str(), "snapped");
    let _: (u64, CounterEvent) = id_and_event::<Counter>(7, CounterEvent::Raised { by: 1 });
    let mut counter = Counter::default();
    counter.apply(&CounterEvent::Raised { by: 2 });
    assert_eq!(counter.sum, 2);
}

/// Compiles only when the types are those of the aggregate.
fn id_and_event<A: Aggregate>(id: A::Id, event: A::Event) -> (A::Id, A::Event) {
    (id, event)
}

#[test]
fn snapshots_are_of_the_state_and_its_shape() {
    assert!(Counter::snapshots().is_none());
    let snapshots = Snapped::snapshots().unwrap();
    assert_eq!(snapshots.every().get(), 50);
    assert_eq!((snapshots.key().version, snapshots.key().fingerprint), (3, Snapped::SHAPE.fingerprint()));
    let state = Snapped { sum: 4 };
    let bytes = snapshots.encode(&state).unwrap();
    assert_eq!(bytes, br#"{"sum":4}"#);
    assert_eq!(snapshots.decode(&bytes).unwrap(), state);
}
