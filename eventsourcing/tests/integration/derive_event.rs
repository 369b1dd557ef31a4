//! `derive(Event)`: tags, payloads, versions, nested and retired events.

use std::fmt;

use eventsourcing::{
    Encoded, Event, Schema, SchemaVersion, Tag,
    codec::DecodeError,
    schema::{Adapter, EventTypes, Field, Integer, Shape},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "account", unlocked)]
enum AccountEvent {
    Opened {
        owner: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    Deposited(Money),
    #[event(tag = "account.gone")]
    Closed,
    HTTPFailed {},
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Money {
    cents: i64,
}

#[test]
fn each_kind_of_variant_is_stored_as_an_object() {
    let opened = AccountEvent::Opened { owner: "Ada".into(), note: None };
    check(&opened, "account.opened", 1, r#"{"owner":"Ada"}"#);
    check(&AccountEvent::Deposited(Money { cents: 3 }), "account.deposited", 1, r#"{"cents":3}"#);
    check(&AccountEvent::Closed, "account.gone", 1, "{}");
    check(&AccountEvent::HTTPFailed {}, "account.http_failed", 1, "{}");
}

#[test]
fn the_constants_state_tag_version_and_shape() {
    let types = AccountEvent::TYPES;
    let tags: Vec<_> = types.own.iter().map(|own| (own.tag, own.version.get())).collect();
    assert_eq!(
        tags,
        [("account.opened", 1), ("account.deposited", 1), ("account.gone", 1), ("account.http_failed", 1)]
    );
    let text = field("owner", Shape::String);
    let note = field("note", Shape::Option(&Shape::String)).optional(true);
    assert_eq!(types.own[0].shape, object([text, note], false));
    assert_eq!(types.own[1].shape, Money::SHAPE);
    assert_eq!(types.own[2].shape, Shape::Struct { fields: &[], closed: false });
}

#[test]
fn an_event_without_fields_is_read_from_any_object_and_nothing_else() {
    assert_eq!(decode("account.gone", 1, r#"{"since":[1]}"#).unwrap(), Some(AccountEvent::Closed));
    for payload in ["null", "[]", "3", "{"] {
        assert!(matches!(decode::<AccountEvent>("account.gone", 1, payload), Err(DecodeError::Payload { .. })));
    }
}

#[test]
fn what_is_not_known_is_an_error_that_names_it() {
    let unknown = decode::<AccountEvent>("account.frozen", 1, "{}").unwrap_err();
    assert!(matches!(unknown, DecodeError::UnknownTag { tag } if tag.as_str() == "account.frozen"));
    let newer = decode::<AccountEvent>("account.opened", 7, "{}").unwrap_err();
    assert!(
        matches!(newer, DecodeError::UnknownVersion { version, newest, .. } if (version.get(), newest.get()) == (7, 1))
    );
    let other = decode::<AccountEvent>("account.deposited", 1, r#"{"cents":"3"}"#).unwrap_err();
    assert!(matches!(other, DecodeError::Payload { tag, .. } if tag.as_str() == "account.deposited"));
}

/// serde's attributes on the fields of events, which serde's own derives honour here too.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "attr", unlocked)]
#[serde(rename_all_fields = "camelCase", deny_unknown_fields)]
enum Attributes {
    Renamed {
        first_name: String,
        #[serde(rename = "surname", alias = "last")]
        last_name: String,
        #[serde(default = "seven")]
        with_default: i64,
        #[serde(skip)]
        left_out: i64,
        #[serde(with = "as_text")]
        #[schema(as = "String")]
        as_text: i64,
    },
    #[serde(rename_all = "kebab-case")]
    Kebab { first_name: String },
    Converted(
        #[serde(with = "as_text")]
        #[schema(as = String)]
        i64,
    ),
}

fn seven() -> i64 {
    7
}

mod as_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(super) fn serialize<S: Serializer>(number: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&number.to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[test]
fn serde_attributes_are_honoured_by_codec_and_shape() {
    let renamed = Attributes::Renamed {
        first_name: "Ada".into(),
        last_name: "L".into(),
        with_default: 7,
        left_out: 0,
        as_text: 5,
    };
    check(&renamed, "attr.renamed", 1, r#"{"firstName":"Ada","surname":"L","withDefault":7,"asText":"5"}"#);
    let older = r#"{"asText":"5","last":"L","firstName":"Ada"}"#;
    assert_eq!(decode("attr.renamed", 1, older).unwrap(), Some(renamed.clone()));
    let unknown = r#"{"asText":"5","last":"L","firstName":"Ada","leftOut":1}"#;
    assert!(decode::<Attributes>("attr.renamed", 1, unknown).is_err());
    let kebab = Attributes::Kebab { first_name: "Ada".into() };
    check(&kebab, "attr.kebab", 1, r#"{"first-name":"Ada"}"#);
    check(&Attributes::Converted(9), "attr.converted", 1, r#""9""#);

    let types = Attributes::TYPES;
    let fields = [
        field("firstName", Shape::String),
        field("surname", Shape::String).aliases(&["last"]),
        field("withDefault", Shape::Integer(Integer::I64)).optional(true),
        field("asText", Shape::Stated(&Shape::String, Adapter::UNKNOWN)),
    ];
    assert_eq!(types.own[0].shape, object(fields, true));
    assert_eq!(types.own[1].shape, object([field("first-name", Shape::String)], true));
    assert_eq!(types.own[2].shape, Shape::Stated(&Shape::String, Adapter::UNKNOWN));
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "flat", unlocked)]
enum Flat {
    Moved {
        by: String,
        #[serde(flatten)]
        money: Money,
    },
}

#[test]
fn flattened_fields_stand_beside_the_others() {
    let moved = Flat::Moved { by: "ada".into(), money: Money { cents: 2 } };
    check(&moved, "flat.moved", 1, r#"{"by":"ada","cents":2}"#);
    let fields = [field("by", Shape::String), field("money", Money::SHAPE).flatten()];
    assert_eq!(Flat::TYPES.own[0].shape, object(fields, false));
}

/// Structs as events of one kind.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(tag = "job.started", version = 1, unlocked)]
#[serde(rename_all = "camelCase", default)]
struct JobStarted {
    job_name: String,
    retries: i64,
}

impl Default for JobStarted {
    fn default() -> Self {
        Self { job_name: "unnamed".into(), retries: 2 }
    }
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(tag = "job.paid", unlocked)]
struct JobPaid(Money);

#[derive(Debug, Clone, PartialEq, Event)]
#[event(tag = "job.done", unlocked)]
struct JobDone;

#[derive(Debug, Clone, PartialEq, Event)]
#[event(tag = "job.priced", unlocked)]
#[serde(transparent)]
struct JobPriced {
    price: Money,
}

#[test]
fn a_struct_is_one_kind_of_event() {
    let started = JobStarted { job_name: "x".into(), retries: 0 };
    check(&started, "job.started", 1, r#"{"jobName":"x","retries":0}"#);
    assert_eq!(decode("job.started", 1, "{}").unwrap(), Some(JobStarted::default()));
    check(&JobPaid(Money { cents: 4 }), "job.paid", 1, r#"{"cents":4}"#);
    check(&JobDone, "job.done", 1, "{}");
    check(&JobPriced { price: Money { cents: 4 } }, "job.priced", 1, r#"{"cents":4}"#);
    assert_eq!(JobPriced::TYPES.own[0].shape, Money::SHAPE);
}

/// An event type composed of others, with a kind of its own.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "bank", unlocked)]
enum BankEvent {
    #[event(nested)]
    Account(AccountEvent),
    Audited {
        by: String,
    },
    #[event(nested)]
    Job(JobDone),
}

#[test]
fn nested_events_keep_their_tags_and_payloads() {
    check(&BankEvent::Account(AccountEvent::Closed), "account.gone", 1, "{}");
    check(&BankEvent::Audited { by: "eve".into() }, "bank.audited", 1, r#"{"by":"eve"}"#);
    check(&BankEvent::Job(JobDone), "job.done", 1, "{}");
    assert!(matches!(decode::<BankEvent>("bank.opened", 1, "{}"), Err(DecodeError::UnknownTag { .. })));
    assert_eq!(BankEvent::TYPES.nested, [&AccountEvent::TYPES, &JobDone::TYPES]);
    assert_eq!(tags(&BankEvent::TYPES).len(), 6);
}

/// Three versions of one payload, and one of an event that became another.
#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "sale", retired("sale.frozen", versions = 1..=2), retired("sale.lost", versions = 3..=3), unlocked)]
enum SaleEvent {
    #[event(version = 3, upcast(1 = PaidV1, 2 = PaidV2))]
    Paid(Paid),
    #[event(version = 2, upcast(1 = ShippedV1))]
    Shipped {
        to: String,
    },
    Returned,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Paid {
    cents: u32,
    currency: String,
}

#[derive(Deserialize, Schema)]
struct PaidV1 {
    amount: i64,
}

#[derive(Deserialize, Schema)]
struct PaidV2 {
    cents: i64,
}

#[derive(Deserialize, Schema)]
struct ShippedV1 {
    address: Option<String>,
}

impl From<PaidV1> for PaidV2 {
    fn from(old: PaidV1) -> Self {
        Self { cents: old.amount * 100 }
    }
}

#[derive(Debug)]
struct Negative(i64);

impl fmt::Display for Negative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is negative", self.0)
    }
}

impl std::error::Error for Negative {}

impl TryFrom<PaidV2> for Paid {
    type Error = Negative;

    fn try_from(old: PaidV2) -> Result<Self, Negative> {
        let cents = u32::try_from(old.cents).map_err(|_| Negative(old.cents))?;
        Ok(Self { cents, currency: "EUR".into() })
    }
}

impl From<ShippedV1> for SaleEvent {
    fn from(old: ShippedV1) -> Self {
        old.address.map_or(Self::Returned, |to| Self::Shipped { to })
    }
}

#[test]
fn older_versions_go_up_one_step_at_a_time() {
    let paid = |cents| Some(SaleEvent::Paid(Paid { cents, currency: "EUR".into() }));
    assert_eq!(decode("sale.paid", 1, r#"{"amount":2}"#).unwrap(), paid(200));
    assert_eq!(decode("sale.paid", 2, r#"{"cents":2}"#).unwrap(), paid(2));
    let written = SaleEvent::Paid(Paid { cents: 2, currency: "USD".into() });
    check(&written, "sale.paid", 3, r#"{"cents":2,"currency":"USD"}"#);
    // The last step of a variant with fields makes the event itself, be it another one.
    let shipped = Some(SaleEvent::Shipped { to: "here".into() });
    assert_eq!(decode("sale.shipped", 1, r#"{"address":"here"}"#).unwrap(), shipped);
    assert_eq!(decode("sale.shipped", 1, "{}").unwrap(), Some(SaleEvent::Returned));
    check(&SaleEvent::Shipped { to: "here".into() }, "sale.shipped", 2, r#"{"to":"here"}"#);
}

#[test]
fn a_step_that_fails_says_which_and_why() {
    let error = decode::<SaleEvent>("sale.paid", 1, r#"{"amount":-1}"#).unwrap_err();
    assert_eq!(error.to_string(), "`sale.paid` version 2 could not be brought up to date");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "-100 is negative");
    let shape = decode::<SaleEvent>("sale.paid", 1, r#"{"cents":1}"#).unwrap_err();
    assert!(matches!(shape, DecodeError::Payload { version, .. } if version.get() == 1));
    assert!(matches!(decode::<SaleEvent>("sale.paid", 4, "{}"), Err(DecodeError::UnknownVersion { .. })));
}

#[test]
fn retired_events_are_known_and_not_delivered() {
    assert_eq!(decode::<SaleEvent>("sale.frozen", 2, "no payload is read").unwrap(), None);
    assert_eq!(decode::<SaleEvent>("sale.lost", 3, "{}").unwrap(), None);
    for (tag, version) in [("sale.frozen", 3), ("sale.lost", 2)] {
        assert!(matches!(decode::<SaleEvent>(tag, version, "{}"), Err(DecodeError::UnknownVersion { .. })));
    }
    assert!(tags(&SaleEvent::TYPES).contains(&"sale.frozen".to_owned()));
    let retired: Vec<_> =
        SaleEvent::TYPES.retired.iter().map(|old| (old.tag, old.first.get(), old.last.get())).collect();
    assert_eq!(retired, [("sale.frozen", 1, 2), ("sale.lost", 3, 3)]);
}

/// An older version of a struct event goes up to the struct itself.
#[derive(Debug, PartialEq, Event)]
#[event(tag = "door.opened", version = 2, upcast(1 = DoorOpenedV1), unlocked)]
struct DoorOpened {
    wide: bool,
}

#[derive(Deserialize, Schema)]
struct DoorOpenedV1;

impl From<DoorOpenedV1> for DoorOpened {
    fn from(_: DoorOpenedV1) -> Self {
        Self { wide: true }
    }
}

#[test]
fn a_struct_has_older_versions_too() {
    assert_eq!(decode("door.opened", 1, "null").unwrap(), Some(DoorOpened { wide: true }));
    check(&DoorOpened { wide: false }, "door.opened", 2, r#"{"wide":false}"#);
}

/// What is stored is what is given, and what is stored is read again as what was given.
#[track_caller]
fn check<E: Event + PartialEq + fmt::Debug>(event: &E, tag: &'static str, version: u16, payload: &str) {
    let encoded = event.encode().unwrap();
    let stored = (encoded.tag.as_str(), encoded.schema_version.get(), String::from_utf8(encoded.payload).unwrap());
    assert_eq!(stored, (tag, version, payload.to_owned()));
    assert_eq!(decode::<E>(tag, version, payload).unwrap().as_ref(), Some(event));
    let types: &'static EventTypes = const { &E::TYPES };
    assert!(types.all().any(|known| known.tag == tag && known.version.get() == version));
}

fn decode<E: Event>(tag: &'static str, version: u16, payload: &str) -> Result<Option<E>, DecodeError> {
    E::decode(&Encoded::new(Tag::from_static(tag), SchemaVersion::new(version).unwrap(), payload.as_bytes()))
}

fn tags(types: &'static EventTypes) -> Vec<String> {
    types.tags().iter().map(Tag::to_string).collect()
}

fn object<const N: usize>(fields: [Field; N], closed: bool) -> Shape {
    Shape::Struct { fields: Box::leak(Box::new(fields)), closed }
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field::new(name, shape)
}
