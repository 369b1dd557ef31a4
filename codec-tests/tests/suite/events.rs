//! Whole events: their payloads against the JSON Schemas of their types.

use codec_tests::mutants;
use eventsourcing::{Encoded, Event};
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::Value;

use crate::{
    harness::validator,
    types::{self, Adjacent, Content, External, Flattened, Internal, Nested, Optionals, Tree, Untagged},
};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "things", unlocked)]
#[expect(clippy::large_enum_variant, reason = "it has one variant of each kind, not one of each size")]
enum ThingEvent {
    Nothing,
    #[event(tag = "a tag", version = 3, upcast(1 = Content, 2 = Content))]
    Newtype(Content),
    #[serde(rename_all = "kebab-case")]
    StructLike {
        by_external: External,
        #[serde(rename = "i")]
        by_internal: Internal,
        #[serde(alias = "a")]
        by_adjacent: Option<Adjacent>,
        #[serde(default)]
        nested: Vec<Nested>,
        #[serde(flatten)]
        flattened: Flattened,
    },
    Closed {
        tree: Tree,
        optionals: Optionals,
    },
    #[event(nested)]
    Other(OtherEvent),
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(tag = "other", version = 1, unlocked)]
struct OtherEvent {
    untagged: Untagged,
}

fn events() -> impl Strategy<Value = ThingEvent> {
    let structs = (
        types::external(),
        types::internal(),
        prop::option::of(types::adjacent()),
        prop::collection::vec(types::nested(), 0..2),
        types::flattened(),
    );
    prop_oneof![
        Just(ThingEvent::Nothing),
        types::content().prop_map(ThingEvent::Newtype),
        structs.prop_map(|(by_external, by_internal, by_adjacent, nested, flattened)| ThingEvent::StructLike {
            by_external,
            by_internal,
            by_adjacent,
            nested,
            flattened,
        }),
        (types::tree(), types::optionals()).prop_map(|(tree, optionals)| ThingEvent::Closed { tree, optionals }),
        types::untagged().prop_map(|untagged| ThingEvent::Other(OtherEvent { untagged })),
    ]
}

fn schemas() -> Vec<(&'static str, Validator)> {
    const TYPES: &eventsourcing::schema::EventTypes = &ThingEvent::TYPES;
    TYPES.all().map(|event| (event.tag, validator(event.json_schema()))).collect()
}

#[test]
fn every_event_is_valid_and_its_mutants_are_not() {
    const TYPES: &eventsourcing::schema::EventTypes = &ThingEvent::TYPES;
    let schemas = schemas();
    let faults = std::cell::Cell::new(0);
    let config = ProptestConfig::with_cases(1_000);
    proptest!(config, |(event in events())| {
        let encoded = event.encode().expect("it is written");
        let payload = encoded.payload.as_slice();
        let stored = Encoded::new(encoded.tag.clone(), encoded.schema_version, payload);
        prop_assert_eq!(ThingEvent::decode(&stored).expect("it is read"), Some(event));

        let (_, validator) = schemas.iter().find(|(tag, _)| *tag == encoded.tag.as_str()).expect("a schema");
        let parsed: Value = serde_json::from_slice(payload).expect("JSON");
        prop_assert!(validator.is_valid(&parsed), "{}", parsed);
        let ty = TYPES.all().find(|ty| ty.tag == encoded.tag.as_str()).expect("a type");
        for mutant in mutants(&ty.shape, &parsed) {
            if !codec_tests::accepts(&ty.shape, &mutant.value, &[]) {
                faults.set(faults.get() + 1);
                prop_assert!(!validator.is_valid(&mutant.value), "{}: {}", mutant.fault, mutant.value);
            }
        }
    });
    assert!(faults.get() > 10_000, "{}", faults.get());
}

#[test]
fn an_event_of_nothing_is_an_object() {
    let payload = ThingEvent::Nothing.encode().expect("it is written").payload;
    let schemas = schemas();
    let (_, validator) = schemas.iter().find(|(tag, _)| *tag == "things.nothing").expect("a schema");
    assert!(validator.is_valid(&serde_json::from_slice(&payload).expect("JSON")));
    assert!(!validator.is_valid(&Value::Null));
}

#[test]
fn a_schema_names_its_event() {
    const TYPES: &eventsourcing::schema::EventTypes = &ThingEvent::TYPES;
    let newtype = TYPES.all().find(|event| event.tag == "a tag").expect("the type").json_schema();
    assert_eq!(newtype.get("title"), Some(&"a tag".into()));
    assert_eq!(newtype.get("x-version"), Some(&3.into()));
}
