//! Types of every kind pass the check of their own history.

use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet},
    net::{IpAddr, SocketAddr},
    num::NonZero,
    ops::Range,
    time::{Duration, SystemTime},
};

use eventsourcing::{
    __private::findings,
    Event, Schema,
    lock::{LockedEvent, history_is_readable, payloads},
    schema::Shape,
};
use serde::{Deserialize, Serialize};

/// What the lock has of an event that has not changed since.
fn as_it_is<E: Event>() -> Vec<LockedEvent> {
    let locked = |event: &'static eventsourcing::schema::EventType| {
        LockedEvent::new(event.tag, event.version.get(), &event.shape)
    };
    E::TYPES.all().map(locked).collect()
}

#[derive(Serialize, Deserialize, Schema)]
struct Leaves {
    flag: bool,
    tiny: i8,
    large: u64,
    signed: i64,
    never_zero: NonZero<u16>,
    single: f32,
    double: f64,
    letter: char,
    text: String,
    any: serde_json::Value,
}

#[derive(Serialize, Deserialize, Schema)]
struct Formats {
    id: uuid::Uuid,
    at: chrono::DateTime<chrono::Utc>,
    here: chrono::DateTime<chrono::Local>,
    elsewhere: chrono::DateTime<chrono::FixedOffset>,
    day: chrono::NaiveDate,
    time: chrono::NaiveTime,
    day_and_time: chrono::NaiveDateTime,
    weekday: chrono::Weekday,
    price: rust_decimal::Decimal,
    address: IpAddr,
    socket: SocketAddr,
    took: Duration,
    then: SystemTime,
    range: Range<u8>,
}

#[derive(Serialize, Deserialize, Schema)]
struct MoreFormats {
    instant: jiff::Timestamp,
    zoned: jiff::ZonedDateTime,
    day: jiff::civil::Date,
    time: jiff::civil::Time,
    day_and_time: jiff::civil::DateTime,
    span: jiff::Span,
    took: jiff::SignedDuration,
    version: semver::Version,
    wanted: semver::VersionReq,
    link: url::Url,
}

#[derive(Serialize, Deserialize, Schema)]
struct Collections {
    list: Vec<Option<i16>>,
    heap: BinaryHeap<i64>,
    set: BTreeSet<String>,
    hashed: HashSet<Currency>,
    array: [u8; 3],
    tuple: (bool, String, Option<char>),
    by_name: BTreeMap<String, Vec<u8>>,
    by_number: HashMap<i8, bool>,
    by_flag: BTreeMap<bool, i64>,
    by_currency: HashMap<Currency, i64>,
    by_id: HashMap<uuid::Uuid, (u8,)>,
    result: Result<(), String>,
    boxed: Option<Box<str>>,
}

#[derive(PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Schema)]
enum Currency {
    #[serde(alias = "Euro", alias = "€")]
    Eur,
    Usd,
}

#[derive(Serialize, Deserialize, Schema)]
struct Tree {
    name: String,
    children: Vec<Self>,
    left: Option<Box<Tree>>,
    by_name: BTreeMap<String, Tree>,
}

#[derive(Serialize, Deserialize, Schema)]
enum Expression {
    Number(i64),
    Sum(Box<Expression>, Box<Expression>),
    Not { inner: Box<Expression> },
}

macro_rules! tagged {
    ($name:ident $(, $key:meta)*) => {
        #[derive(Serialize, Deserialize, Schema)]
        #[serde(rename_all = "snake_case" $(, $key)*)]
        enum $name {
            Nothing,
            #[serde(alias = "lines")]
            Fields { two_words: i64, #[serde(default)] given: Option<String> },
            Content(Content),
            Entries(BTreeMap<String, u8>),
        }
    };
}
tagged!(External);
tagged!(Internal, tag = "type");
tagged!(Adjacent, tag = "type", content = "a content that is sorted before it");

#[derive(Serialize, Deserialize, Schema)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(alias = "sum", alias = "total")]
    amount: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    #[serde(default, skip_serializing_if = "is_zero")]
    discount: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(number: &u8) -> bool {
    *number == 0
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
enum Untagged {
    Number(i32),
    Larger(i64),
    Day(chrono::NaiveDate),
    Id(uuid::Uuid),
    Text(String),
    List(Vec<u8>),
    Named { name: String },
    Other { name: Option<String>, other: bool },
}

#[derive(Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
enum Open {
    Known {
        x: i64,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Serialize, Deserialize, Schema)]
struct Flattened {
    own: i64,
    #[serde(flatten)]
    content: Fields,
    #[serde(flatten)]
    perhaps: Option<Perhaps>,
    #[serde(flatten)]
    external: External,
    #[serde(flatten)]
    internal: Open,
}

#[derive(Serialize, Deserialize, Schema)]
struct WithOthers {
    own: i64,
    #[serde(flatten)]
    content: Fields,
    #[serde(flatten)]
    rest: BTreeMap<String, serde_json::Value>,
}

#[derive(Serialize, Deserialize, Schema)]
struct Fields {
    #[serde(alias = "letters")]
    letter: char,
    #[serde(default)]
    number: f64,
}

#[derive(Serialize, Deserialize, Schema)]
struct Perhaps {
    this: bool,
    that: Option<String>,
}

#[derive(Event)]
#[event(prefix = "all", unlocked)]
enum Everything {
    Leaves(Leaves),
    Formats(Formats),
    MoreFormats(MoreFormats),
    Collections(Collections),
    Tree(Tree),
    Expression(Expression),
    Tagged { external: External, internal: Internal, adjacent: Adjacent, untagged: Untagged, open: Open },
    Flattened(Flattened),
    WithOthers(WithOthers),
    Content(Content),
    Empty,
}

#[test]
fn types_of_every_kind_read_what_they_wrote() {
    let findings = findings::<Everything>(&as_it_is::<Everything>());
    assert_eq!(findings.unreadable.unwrap_or_default(), "");
    // None of the types has a rule of its own, so what is made up is what they write.
    assert_eq!(findings.refused.unwrap_or_default(), "");
}

#[test]
fn payloads_are_many_and_bounded_and_always_the_same() {
    for event in Everything::TYPES.all() {
        let texts = payloads(&event.shape);
        let size: usize = texts.iter().map(String::len).sum();
        println!("{}: {} payloads of {} bytes", event.tag, texts.len(), size);
        assert!((1..=1000).contains(&texts.len()));
        assert!(size < 1_000_000);
        assert_eq!(texts, payloads(&event.shape));
    }
}

#[derive(Event)]
#[event(prefix = "account", retired("account.frozen", versions = 1..=2), unlocked)]
enum Account {
    #[event(version = 2, upcast(1 = OpenedV1))]
    Opened(Opened),
}

#[derive(Serialize, Deserialize, Schema)]
struct Opened {
    cents: i64,
    owner: String,
}

#[derive(Deserialize, Schema)]
struct OpenedV1 {
    euros: i64,
}

impl TryFrom<OpenedV1> for Opened {
    type Error = &'static str;

    fn try_from(old: OpenedV1) -> Result<Self, Self::Error> {
        let cents = old.euros.checked_mul(100).ok_or("more than there is")?;
        Ok(Self { cents, owner: String::new() })
    }
}

#[test]
fn older_versions_and_retired_events_are_history_too() {
    history_is_readable::<Account>(&[
        LockedEvent::new("account.frozen", 2, &Shape::Any),
        LockedEvent::new("account.opened", 1, &OpenedV1::SHAPE),
        LockedEvent::new("account.opened", 2, &Opened::SHAPE),
    ])
    .unwrap();
}

/// serde reads structs from lists as well, by place: the second of these is written as a list, and not read as the first.
#[derive(Serialize, Deserialize, Schema)]
#[serde(untagged)]
enum Measured {
    Counted { lines: u64 },
    Weighed((f64,)),
}

#[derive(Event)]
#[event(prefix = "shelf", unlocked)]
enum Shelf {
    Measured(Measured),
}

#[test]
fn a_list_is_read_as_a_struct_when_its_items_are() {
    assert_eq!(findings::<Shelf>(&as_it_is::<Shelf>()).unreadable.unwrap_or_default(), "");
}

#[derive(Schema)]
struct Folder {
    files: Vec<File>,
    first: Option<File>,
}

#[derive(Schema)]
struct File {
    #[schema(recursive)]
    link: Box<Folder>,
}

#[test]
fn what_is_cut_off_is_made_up_once() {
    assert_eq!(payloads(&Folder::SHAPE), [r#"{"files":[]}"#, r#"{"files":[],"first":null}"#]);
    assert_eq!(payloads(&File::SHAPE), [r#"{"link":{"files":[]}}"#, r#"{"link":{"files":[],"first":null}}"#]);
    let _ = |folder: Folder| (folder.files, folder.first.map(|file| file.link));
}
