//! Code that does not read, or does not keep, what its lock allows: each is noticed, with a message that says where.
//!
//! The compiler cannot see these: the shapes are right, or stated by hand, and the codec beside them is not.

use eventsourcing::{
    __private::changed_values,
    Event, Schema,
    lock::{LockedEvent, history_is_readable},
    schema::Shape,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What the check says about an event type whose lock has `shape`.
fn complaint<E: Event>(tag: &'static str, shape: &'static Shape) -> String {
    let locked = [LockedEvent::new(tag, 1, shape)];
    history_is_readable::<E>(&locked).map_or_else(|failure| failure.to_string(), |()| String::new())
}

fn assert_says(complaint: &str, parts: &[&str]) {
    for part in parts {
        assert!(complaint.contains(part), "`{part}` is not in:\n{complaint}");
    }
}

/// The shape that all of these say they have.
#[derive(Schema)]
#[expect(dead_code, reason = "only its shape counts")]
struct Stated {
    name: String,
    #[serde(default)]
    amount: i64,
    kind: Kind,
}

#[derive(Serialize, Deserialize, Schema)]
enum Kind {
    New,
    Old,
}

/// Defines an event whose payload states the shape of [`Stated`] and is coded by another type.
macro_rules! lie {
    ($event:ident, $tag:literal, $coded:ty) => {
        #[derive(Event)]
        #[event(prefix = "lie", unlocked)]
        enum $event {
            #[event(tag = $tag)]
            Said(
                #[serde(with = "coded")]
                #[schema(as = Stated)]
                $coded,
            ),
        }
    };
}

/// A codec of its own, which is that of the type.
mod coded {
    use super::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<T: Serialize, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    pub(super) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

#[derive(Serialize, Deserialize)]
struct Honest {
    name: String,
    #[serde(default)]
    amount: i64,
    kind: Kind,
}
lie!(Truth, "honest", Honest);

#[test]
fn an_honest_codec_passes() {
    assert_eq!(complaint::<Truth>("honest", &Stated::SHAPE), "");
}

#[derive(Serialize, Deserialize)]
struct WithoutDefault {
    name: String,
    amount: i64,
    kind: Kind,
}
lie!(LostDefault, "lost-default", WithoutDefault);

#[test]
fn a_lost_default_is_noticed() {
    let complaint = complaint::<LostDefault>("lost-default", &Stated::SHAPE);
    assert_says(&complaint, &["`lost-default` version 1", "missing field `amount`", "payload: {\"name\":", "`upcast`"]);
}

#[derive(Serialize, Deserialize)]
struct Skips {
    name: String,
    #[serde(skip)]
    #[expect(dead_code, reason = "that is the mistake")]
    amount: i64,
    kind: Kind,
}
lie!(SkippedField, "skipped", Skips);

#[test]
fn a_field_that_is_dropped_is_noticed() {
    assert_says(&complaint::<SkippedField>("skipped", &Stated::SHAPE), &["lost, at .amount: it is "]);
}

/// The shape says the same, and what is read is thrown away.
#[derive(Serialize, Deserialize, Schema)]
struct ThrownAway {
    #[serde(default, with = "nothing", skip_serializing_if = "Option::is_none")]
    #[schema(as = Option<i64>)]
    amount: Option<i64>,
}

mod nothing {
    use serde::{Deserializer, Serialize, Serializer, de::IgnoredAny};

    #[expect(clippy::ref_option, reason = "what serde calls")]
    pub(super) fn serialize<S: Serializer>(amount: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
        amount.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
        deserializer.deserialize_ignored_any(IgnoredAny)?;
        Ok(None)
    }
}

#[derive(Event)]
#[event(prefix = "lie", unlocked)]
enum ThrownAwayField {
    ThrownAway(ThrownAway),
}

#[test]
fn an_option_that_is_thrown_away_is_noticed() {
    let complaint = complaint::<ThrownAwayField>("lie.thrown_away", &ThrownAway::SHAPE);
    assert_says(&complaint, &["lost, at .amount: it is ", "`with`"]);
}

/// What is only read is kept in history, and left out of what is written from now on.
#[derive(Serialize, Deserialize, Schema)]
struct ReadOnly {
    #[serde(default, skip_serializing)]
    #[expect(dead_code, reason = "it is only read")]
    amount: i64,
}

#[derive(Event)]
#[event(prefix = "honest", unlocked)]
enum ReadOnlyField {
    ReadOnly(ReadOnly),
}

#[test]
fn a_field_that_is_read_and_no_longer_written_is_no_lie() {
    assert_eq!(complaint::<ReadOnlyField>("honest.read_only", &ReadOnly::SHAPE), "");
}

/// What may be any JSON may be `null`, which is a value like others and not the `None` that goes without saying.
#[derive(Serialize, Deserialize, Schema)]
struct Noted {
    #[serde(default)]
    note: serde_json::Value,
}

#[derive(Serialize, Deserialize, Schema)]
struct NotedOtherwise {
    #[serde(default = "given")]
    note: serde_json::Value,
}

fn given() -> serde_json::Value {
    "given".into()
}

#[derive(Event)]
#[event(prefix = "lie", unlocked)]
enum NullByDefault {
    Noted(Noted),
}

#[derive(Event)]
#[event(prefix = "lie", unlocked)]
enum TextByDefault {
    Noted(NotedOtherwise),
}

#[test]
fn a_default_that_was_null_and_is_a_value_is_noticed() {
    let (null, text) = (&NullByDefault::TYPES.own[0], &TextByDefault::TYPES.own[0]);
    assert_says(&changed_values(text, null).unwrap_or_default(), &["note: locked as null, now \"given\""]);
    assert_says(&changed_values(null, text).unwrap_or_default(), &["note: locked as \"given\", now null"]);
    assert_eq!(changed_values(null, null), None);
}

#[derive(Serialize, Deserialize)]
struct Narrow {
    name: String,
    #[serde(default)]
    amount: i32,
    kind: Kind,
}
lie!(NarrowNumber, "narrow", Narrow);

#[test]
fn a_narrower_number_is_noticed() {
    let complaint = complaint::<NarrowNumber>("narrow", &Stated::SHAPE);
    assert_says(&complaint, &["not read, at .amount: invalid value: integer `9223372036854775807`, expected i32"]);
    // Once, though there are two limits and many payloads.
    assert_eq!(complaint.matches("not read, at").count(), 1);
}

#[derive(Serialize, Deserialize)]
struct Rounds {
    name: String,
    #[serde(default)]
    amount: f64,
    kind: Kind,
}
lie!(RoundedNumber, "rounded", Rounds);

#[test]
fn a_rounded_number_is_noticed() {
    let complaint = complaint::<RoundedNumber>("rounded", &Stated::SHAPE);
    assert_says(&complaint, &["changed, at .amount: it is 9223372036854775807 and is written again as 9.2233720"]);
}

#[derive(Serialize, Deserialize)]
enum OneKind {
    New,
}

#[derive(Serialize, Deserialize)]
struct Poorer {
    name: String,
    #[serde(default)]
    amount: i64,
    kind: OneKind,
}
lie!(RemovedVariant, "removed", Poorer);

#[test]
fn a_removed_variant_is_noticed() {
    let complaint = complaint::<RemovedVariant>("removed", &Stated::SHAPE);
    assert_says(&complaint, &["not read, at .kind: unknown variant `Old`, expected `New`"]);
}

#[derive(Serialize, Deserialize)]
struct Trims {
    #[serde(deserialize_with = "trimmed")]
    name: String,
    #[serde(default)]
    amount: i64,
    kind: Kind,
}
lie!(ChangedText, "trimmed", Trims);

fn trimmed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map(|text| text.trim().to_owned())
}

#[test]
fn a_changed_text_is_noticed() {
    let complaint = complaint::<ChangedText>("trimmed", &Stated::SHAPE);
    assert_says(&complaint, &["changed, at .name: it is \"", "is written again as \""]);
}

#[test]
fn an_event_that_is_gone_is_noticed() {
    assert_says(
        &complaint::<Truth>("gone", &Stated::SHAPE),
        &["`gone` version 1", "the tag `gone` is not one of this"],
    );
}

#[derive(Clone, Serialize, Deserialize, Schema)]
#[serde(try_from = "String", into = "String")]
struct Name(String);

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        if name.trim().is_empty() { Err("a name must say something") } else { Ok(Self(name)) }
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

#[derive(Event)]
#[event(prefix = "lie", unlocked)]
enum Validated {
    Named { name: Name, amount: i64 },
}

#[derive(Schema)]
#[expect(dead_code, reason = "only its shape counts")]
struct Named {
    name: String,
    amount: i64,
}

#[test]
fn rules_of_the_users_own_may_refuse() {
    assert_eq!(complaint::<Validated>("lie.named", &Named::SHAPE), "");
}

/// Three names, each with its rule, and a number that is narrower than its lock says.
#[derive(Event)]
#[event(prefix = "lie", unlocked)]
enum Strict {
    Team { first: OnlyAda, second: OnlyAda, third: OnlyAda, amount: i32 },
}

#[derive(Clone, Serialize, Deserialize, Schema)]
#[serde(try_from = "String", into = "String")]
struct OnlyAda(String);

impl TryFrom<String> for OnlyAda {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        if name == "Ada" { Ok(Self(name)) } else { Err("only Ada may") }
    }
}

impl From<OnlyAda> for String {
    fn from(name: OnlyAda) -> Self {
        name.0
    }
}

#[derive(Schema)]
#[expect(dead_code, reason = "only its shape counts")]
struct Team {
    first: String,
    second: String,
    third: String,
    amount: i64,
}

#[test]
fn strict_rules_do_not_hide_what_stands_beside_them() {
    assert_says(&complaint::<Strict>("lie.team", &Team::SHAPE), &["not read, at .amount: invalid value"]);
}

/// A decimal is read from numbers as well, and written as text, so no shape tells that the second variant is never read.
#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
enum Price {
    Exact(rust_decimal::Decimal),
    Cents(i64),
}

#[derive(Event)]
#[event(prefix = "lie", unlocked)]
enum Shadowed {
    Priced { price: Price },
}

#[derive(Schema)]
struct Priced {
    price: Price,
}

#[test]
fn a_variant_that_is_read_as_another_one_is_noticed() {
    assert_says(
        &complaint::<Shadowed>("lie.priced", &Priced::SHAPE),
        &["changed, at .price: it is ", "written again as \""],
    );
}
