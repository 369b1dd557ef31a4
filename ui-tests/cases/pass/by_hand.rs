//! The traits without the derives.

use eventsourcing::{
    Aggregate, Apply, Category, Encoded, Event, Schema, SchemaVersion, Tag,
    codec::{DecodeError, EncodeError, json},
    schema::{EventType, EventTypes, Shape},
};

struct Cents(u64);

impl Schema for Cents {
    const SHAPE: Shape = <u64 as Schema>::SHAPE;
}

struct Paid(Cents);

impl Event for Paid {
    const TYPES: EventTypes = EventTypes::new(&[EventType::new("paid", SchemaVersion::FIRST, Cents::SHAPE)]);

    fn encode(&self) -> Result<Encoded<Vec<u8>>, EncodeError> {
        let payload = json::to_vec(&self.0.0)?;
        Ok(Encoded::new(Tag::from_static("paid"), SchemaVersion::FIRST, payload))
    }

    fn decode(encoded: &Encoded<&[u8]>) -> Result<Option<Self>, DecodeError> {
        if encoded.tag.as_str() != "paid" {
            return Err(DecodeError::UnknownTag { tag: encoded.tag.clone() });
        }
        let cents = json::from_slice(encoded.payload).map_err(|source| DecodeError::Payload {
            tag: encoded.tag.clone(),
            version: encoded.schema_version,
            source,
        })?;
        Ok(Some(Self(Cents(cents))))
    }
}

#[derive(Default)]
struct Purse(u64);

impl Apply<Paid> for Purse {
    fn apply(&mut self, event: &Paid) {
        self.0 += event.0.0;
    }
}

impl Aggregate for Purse {
    type Event = Paid;
    type Id = u64;
    const CATEGORY: Category = Category::from_static("purse");
}

/// A derived event type that contains the hand-written one.
#[derive(Event)]
#[event(prefix = "all")]
enum All {
    #[event(nested)]
    Paid(Paid),
    Other,
}

fn main() {
    let stored = All::Paid(Paid(Cents(3))).encode().unwrap();
    let stored = Encoded::new(stored.tag, stored.schema_version, stored.payload.as_slice());
    let Some(All::Paid(paid)) = All::decode(&stored).unwrap() else { panic!("the tag is that of the nested type") };
    let mut purse = Purse::default();
    purse.apply(&paid);
    assert_eq!(purse.0, 3);
    assert!(matches!(All::Other.encode(), Ok(other) if other.tag.as_str() == "all.other"));
}
