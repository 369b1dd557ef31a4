//! Values that their own `Serialize` changes are refused, wherever they stand; all others come back as they were.

use std::{
    cell::{Cell, RefCell},
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    fmt::Debug,
    net::{Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6},
    num::NonZero,
    ops::{Bound, RangeInclusive},
    rc::Rc,
    sync::{Arc, Mutex, RwLock},
};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};
use eventsourcing::{
    Encoded, Event, Schema, Snapshots,
    codec::EncodeError,
    schema::{Shape, ValueCheck},
};
use indexmap::{IndexMap, IndexSet};
use jiff::{SignedDuration, Span, Timestamp, ZonedDateTime, tz};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// A socket that is written without its flow label.
fn labelled() -> SocketAddrV6 {
    SocketAddrV6::new(Ipv6Addr::LOCALHOST, 80, 7, 0)
}

/// The same socket as it would be read.
fn plain() -> SocketAddrV6 {
    SocketAddrV6::new(Ipv6Addr::LOCALHOST, 80, 0, 0)
}

fn used_up<T: Copy>(at: T) -> RangeInclusive<T>
where
    RangeInclusive<T>: Iterator,
{
    let mut range = at..=at;
    range.next();
    range
}

/// The value as the payload of an event, and what is read of that.
fn there_and_back<E: Event>(event: &E) -> Result<E, EncodeError> {
    let encoded = event.encode()?;
    let encoded = Encoded::new(encoded.tag.clone(), encoded.schema_version, encoded.payload.as_slice());
    Ok(E::decode(&encoded).expect("what was written is read").expect("it is not retired"))
}

/// Where a refused value stands.
fn place<T: Debug>(encoded: Result<T, EncodeError>) -> String {
    match encoded {
        Err(EncodeError::InexactValue { path, .. }) => path,
        other => panic!("not refused: {other:?}"),
    }
}

/// Checks values of a type in an event of their own: each is refused, or comes back as it was. Returns how many were
/// refused.
macro_rules! exact_or_refused {
    ($ty:ty, $values:expr, $same:expr) => {{
        #[derive(Debug, Event)]
        #[event(tag = "held", unlocked)]
        struct Held {
            value: $ty,
        }
        let refused = Cell::new(0);
        let run = TestRunner::new(Config { cases: 2_000, failure_persistence: None, ..Config::default() }).run(
            &$values,
            |value: $ty| {
                let text = format!("{value:?}");
                let held = Held { value };
                match there_and_back(&held) {
                    Ok(again) => {
                        let same: fn(&$ty, &$ty) -> bool = $same;
                        prop_assert!(same(&held.value, &again.value), "{} came back as {:?}", text, again.value);
                    }
                    Err(EncodeError::InexactValue { .. }) => refused.set(refused.get() + 1),
                    Err(error) => prop_assert!(false, "{}: {}", text, error),
                }
                Ok(())
            },
        );
        if let Err(failure) = run {
            panic!("{failure}");
        }
        refused.get()
    }};
}

fn naive_times() -> impl Strategy<Value = NaiveTime> {
    let nanos = prop_oneof![Just(0), 0..2_000_000_000_u32, Just(999_999_999), Just(1_000_000_000)];
    (prop_oneof![0..86_400_u32, (0..1_440_u32).prop_map(|minute| minute * 60 + 59)], nanos).prop_filter_map(
        "a leap second",
        |(seconds, nanos)| {
            let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)?;
            // chrono makes no leap second at another second of its own accord, but takes one.
            time.with_nanosecond(nanos)
        },
    )
}

fn naive_date_times() -> impl Strategy<Value = NaiveDateTime> {
    let (first, last) = (NaiveDate::MIN.num_days_from_ce(), NaiveDate::MAX.num_days_from_ce());
    let days = prop_oneof![700_000..800_000_i32, first..=last, first..first + 3, last - 2..=last];
    (days, naive_times())
        .prop_filter_map("a date", |(days, time)| Some(NaiveDate::from_num_days_from_ce_opt(days)?.and_time(time)))
}

fn offsets() -> impl Strategy<Value = FixedOffset> {
    let seconds = prop_oneof![(-1_439..1_440_i32).prop_map(|minutes| minutes * 60), -86_399..86_400_i32];
    seconds.prop_filter_map("an offset", FixedOffset::east_opt)
}

fn same<T: PartialEq>(one: &T, other: &T) -> bool {
    one == other
}

#[test]
fn times_of_chrono() {
    assert!(exact_or_refused!(NaiveTime, naive_times(), same) > 0);
    assert!(exact_or_refused!(NaiveDateTime, naive_date_times(), same) > 0);
    assert!(exact_or_refused!(DateTime<Utc>, naive_date_times().prop_map(|time| time.and_utc()), same) > 0);
    let with_offset = (naive_date_times(), offsets()).prop_map(|(time, offset)| offset.from_utc_datetime(&time));
    let same_offset =
        |one: &DateTime<FixedOffset>, other: &DateTime<FixedOffset>| one == other && one.offset() == other.offset();
    assert!(exact_or_refused!(DateTime<FixedOffset>, with_offset, same_offset) > 0);
}

#[test]
fn times_of_jiff() {
    let seconds = Timestamp::MIN.as_second()..=Timestamp::MAX.as_second();
    let instants = (seconds, 0..1_000_000_000_i32)
        .prop_filter_map("an instant", |(seconds, nanos)| Timestamp::new(seconds, nanos).ok());
    let offsets = prop_oneof![(-25 * 60..26 * 60_i32).prop_map(|minutes| minutes * 60), -25 * 3_600..26 * 3_600_i32,];
    let bare =
        offsets.prop_filter_map("an offset", |seconds| Some(tz::Offset::from_seconds(seconds).ok()?.to_time_zone()));
    let named =
        prop::sample::select(vec!["America/New_York", "Europe/Berlin", "Europe/Amsterdam", "UTC", "Africa/Monrovia"])
            .prop_map(|name| tz::TimeZone::get(name).expect("a zone that is bundled"));
    let zoned = (instants, prop_oneof![bare, named]).prop_map(|(instant, zone)| ZonedDateTime::new(instant, zone));
    let same_zone = |one: &ZonedDateTime, other: &ZonedDateTime| one == other && one.offset() == other.offset();
    assert!(exact_or_refused!(ZonedDateTime, zoned, same_zone) > 0);

    let number = || prop_oneof![Just(0_i64), 0..2_500_i64];
    let spans = (prop::array::uniform10(number()), any::<bool>()).prop_filter_map("a span", |(units, negative)| {
        let [years, months, weeks, days, hours, minutes, seconds, milliseconds, microseconds, nanoseconds] = units;
        let span = Span::new()
            .try_years(years)
            .ok()?
            .try_months(months)
            .ok()?
            .try_weeks(weeks)
            .ok()?
            .try_days(days)
            .ok()?
            .try_hours(hours)
            .ok()?
            .try_minutes(minutes)
            .ok()?
            .try_seconds(seconds)
            .ok()?
            .try_milliseconds(milliseconds)
            .ok()?
            .try_microseconds(microseconds)
            .ok()?
            .try_nanoseconds(nanoseconds)
            .ok()?;
        Some(if negative { span.negate() } else { span })
    });
    assert!(exact_or_refused!(Span, spans, |one, other| one.fieldwise() == other.fieldwise()) > 0);
    let durations = (any::<i64>(), -999_999_999..1_000_000_000_i32)
        .prop_filter("one sign", |(seconds, nanos)| *seconds == 0 || *nanos == 0 || (*seconds < 0) == (*nanos < 0))
        .prop_map(|(seconds, nanos)| SignedDuration::new(seconds, nanos));
    assert_eq!(exact_or_refused!(SignedDuration, durations, same), 0);
}

#[test]
fn addresses() {
    let v6 = || {
        let number = || prop_oneof![Just(0), any::<u32>()];
        (any::<u128>(), any::<u16>(), number(), number())
            .prop_map(|(ip, port, flow, scope)| SocketAddrV6::new(ip.into(), port, flow, scope))
    };
    assert!(exact_or_refused!(SocketAddrV6, v6(), same) > 0);
    let v4 = (any::<u32>(), any::<u16>()).prop_map(|(ip, port)| SocketAddr::V4(SocketAddrV4::new(ip.into(), port)));
    assert!(exact_or_refused!(SocketAddr, prop_oneof![v4, v6().prop_map(SocketAddr::V6)], same) > 0);
}

#[test]
fn ranges() {
    let ranges = (0..4_u8, 0..4_u8, 0..6_usize).prop_map(|(start, end, steps)| {
        let mut range = start..=end;
        range.by_ref().take(steps).for_each(drop);
        range
    });
    assert!(exact_or_refused!(RangeInclusive<u8>, ranges, same) > 0);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Peer {
    name: String,
    address: SocketAddrV6,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(transparent)]
struct Address(SocketAddrV6);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
enum Reached {
    Nobody,
    One(Peer),
    Two(Address, Address),
    #[serde(rename = "several")]
    Several {
        #[serde(rename = "peers")]
        them: Vec<Peer>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
enum Internal {
    Direct(Peer),
    Through { via: Option<Address> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Direct(Address),
    Through { via: Address },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "t")]
enum WithRest {
    Known {
        address: Address,
    },
    #[serde(untagged)]
    Rest(BTreeMap<String, Address>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Tree {
    address: Option<Address>,
    #[serde(default)]
    children: Vec<Tree>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
struct Page<T> {
    items: Vec<T>,
}

#[derive(Debug, PartialEq, Event)]
#[event(prefix = "peer", unlocked)]
enum PeerEvent {
    Joined {
        peer: Peer,
        note: String,
    },
    Moved(Peer),
    Seen {
        #[serde(flatten)]
        peer: Peer,
        #[serde(rename = "at")]
        reached: Reached,
    },
    Chosen {
        internal: Internal,
        adjacent: Adjacent,
        rest: WithRest,
    },
    Grown {
        tree: Tree,
        page: Page<Page<Address>>,
    },
    Left,
    #[event(nested)]
    Other(Nested),
}

#[derive(Debug, PartialEq, Event)]
#[event(prefix = "nested", unlocked)]
enum Nested {
    Joined { address: Address },
}

#[test]
fn at_any_depth() {
    use PeerEvent as E;
    let peer = |address| Peer { name: "ada".to_owned(), address };
    let (bad, good) = (peer(labelled()), peer(plain()));
    let (address, fine) = (Address(labelled()), Address(plain()));
    let seen = |reached| E::Seen { peer: peer(plain()), reached };
    let chosen = |internal, adjacent, rest| E::Chosen { internal, adjacent, rest };
    let tree = |address, children| Tree { address, children };
    let through = || Internal::Through { via: None };
    let direct = || Adjacent::Direct(Address(plain()));
    let known = || WithRest::Known { address: Address(plain()) };
    let refused = [
        (".peer.address", E::Joined { peer: bad.clone(), note: String::new() }),
        (".address", E::Moved(bad.clone())),
        (".address", E::Seen { peer: bad.clone(), reached: Reached::Nobody }),
        (".at.One.address", seen(Reached::One(bad.clone()))),
        (".at.Two[1]", seen(Reached::Two(fine.clone(), address.clone()))),
        (".at.several.peers[1].address", seen(Reached::Several { them: vec![good.clone(), bad.clone(), bad.clone()] })),
        (".internal.address", chosen(Internal::Direct(bad.clone()), direct(), known())),
        (".internal.via", chosen(Internal::Through { via: Some(address.clone()) }, direct(), known())),
        (".adjacent.c", chosen(through(), Adjacent::Direct(address.clone()), known())),
        (".adjacent.c.via", chosen(through(), Adjacent::Through { via: address.clone() }, known())),
        (".rest.address", chosen(through(), direct(), WithRest::Known { address: address.clone() })),
        (".rest.*", chosen(through(), direct(), WithRest::Rest([("a".to_owned(), address.clone())].into()))),
        (
            ".tree.children[0].children[1].address",
            E::Grown {
                tree: tree(None, vec![tree(None, vec![tree(None, vec![]), tree(Some(address.clone()), vec![])])]),
                page: Page { items: vec![] },
            },
        ),
        (
            ".page.items[1].items[0]",
            E::Grown {
                tree: tree(None, vec![]),
                page: Page { items: vec![Page { items: vec![] }, Page { items: vec![address.clone()] }] },
            },
        ),
        (".address", E::Other(Nested::Joined { address })),
    ];
    for (path, event) in refused {
        assert_eq!(place(event.encode()), path, "{event:?}");
    }
    let kept = [
        E::Joined { peer: good.clone(), note: String::new() },
        seen(Reached::Two(fine.clone(), fine.clone())),
        chosen(Internal::Direct(good), Adjacent::Through { via: fine.clone() }, known()),
        E::Left,
        E::Other(Nested::Joined { address: fine }),
    ];
    for event in kept {
        assert_eq!(there_and_back(&event).expect("nothing is lost"), event);
    }
}

#[test]
fn in_everything_that_holds_values() {
    macro_rules! refused {
        ($($path:literal in $ty:ty = $value:expr;)+) => {
            $({
                #[derive(Debug, Event)]
                #[event(tag = "held", unlocked)]
                struct Held {
                    value: $ty,
                }
                assert_eq!(place(Held { value: $value }.encode()), concat!(".value", $path), stringify!($ty));
            })+
        };
    }
    let (address, fine) = (labelled, plain);
    refused! {
        "" in Option<SocketAddrV6> = Some(address());
        "" in Option<Box<SocketAddrV6>> = Some(Box::new(address()));
        "[1]" in Vec<SocketAddrV6> = vec![fine(), address()];
        "[1]" in [SocketAddrV6; 2] = [fine(), address()];
        "[1]" in VecDeque<SocketAddrV6> = [fine(), address()].into();
        "[1]" in Box<[SocketAddrV6]> = [fine(), address()].into();
        "[1]" in SmallVec<[SocketAddrV6; 2]> = [fine(), address()].into();
        "[0]" in BTreeSet<SocketAddrV6> = [address()].into();
        "[1]" in IndexSet<SocketAddrV6> = [fine(), address()].into();
        "[1][0]" in (u8, (SocketAddrV6, u8)) = (1, (address(), 1));
        "[11]" in (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, SocketAddrV6) = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, address());
        ".*" in BTreeMap<String, SocketAddrV6> = [("a".to_owned(), address())].into();
        ".*" in HashMap<SocketAddrV6, u8> = [(address(), 1)].into();
        ".*" in IndexMap<u8, SocketAddrV6> = [(1, fine()), (2, address())].into();
        ".Err" in Result<u8, SocketAddrV6> = Err(address());
        ".Excluded" in Bound<SocketAddrV6> = Bound::Excluded(address());
        ".start" in std::ops::RangeFrom<SocketAddrV6> = address()..;
        ".end" in std::ops::RangeTo<SocketAddrV6> = ..address();
        ".end" in std::ops::Range<SocketAddrV6> = fine()..address();
        ".end" in RangeInclusive<SocketAddrV6> = fine()..=address();
        "[0]" in Vec<RangeInclusive<u8>> = vec![used_up(1)];
        "" in Arc<Mutex<SocketAddrV6>> = Arc::new(Mutex::new(address()));
        "" in RwLock<SocketAddrV6> = RwLock::new(address());
        "" in Reverse<SocketAddrV6> = Reverse(address());
    }
    // An event is sent between threads, which these are not.
    let check = |value: &dyn Fn(&mut ValueCheck)| {
        let mut check = ValueCheck::default();
        value(&mut check);
        check
    };
    assert!(check(&|check| Rc::new(address()).check_value(check)).has_refused());
    assert!(check(&|check| RefCell::new(address()).check_value(check)).has_refused());
    assert!(check(&|check| Cell::new(address()).check_value(check)).has_refused());
}

/// The derive asks for a type of this name by way of another trait, since `serde_json` has one too.
#[derive(Debug, Serialize, Deserialize, Schema)]
struct RawValue {
    address: SocketAddrV6,
}

#[derive(Debug, Event)]
#[event(prefix = "raw", unlocked)]
enum Raw {
    Received { bodies: Vec<RawValue> },
}

#[test]
fn in_a_type_with_the_name_of_another_one() {
    assert_eq!(place(Raw::Received { bodies: vec![RawValue { address: labelled() }] }.encode()), ".bodies[0].address");
}

#[test]
fn in_snapshots() {
    const EVERY: NonZero<u32> = NonZero::new(100).unwrap();
    let snapshots = Snapshots::<Page<Address>>::json(EVERY, 1);
    assert_eq!(place(snapshots.encode(&Page { items: vec![Address(plain()), Address(labelled())] })), ".items[1]");
    assert!(snapshots.encode(&Page { items: vec![Address(plain())] }).is_ok());
}

/// A type whose author knows values that its `Serialize` does not keep.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Celsius(f32);

impl Schema for Celsius {
    const SHAPE: Shape = f32::SHAPE;

    fn check_value(&self, check: &mut ValueCheck) {
        if self.0 < -273.15 {
            check.refuse("nothing is colder than -273.15 degrees");
        }
    }
}

#[derive(Debug, PartialEq, Event)]
#[event(prefix = "weather", unlocked)]
enum Weather {
    Measured { degrees: Vec<Celsius> },
}

#[test]
fn a_schema_written_by_hand_may_refuse_too() {
    assert!(Weather::Measured { degrees: vec![Celsius(20.0)] }.encode().is_ok());
    let error = Weather::Measured { degrees: vec![Celsius(20.0), Celsius(-300.0)] }.encode().expect_err("too cold");
    assert_eq!(error.to_string(), ".degrees[1]: nothing is colder than -273.15 degrees");
}

/// What an adapter writes, or a stated shape, is for them to say.
#[derive(Debug, PartialEq, Event)]
#[event(prefix = "stated", unlocked)]
enum Stated {
    Placed {
        #[serde(with = "eventsourcing::codec::as_text")]
        text: SocketAddrV6,
        #[serde(skip)]
        skipped: Option<SocketAddrV6>,
    },
}

#[test]
fn what_is_not_written_as_it_is_is_not_looked_at() {
    assert!(Stated::Placed { text: labelled(), skipped: Some(labelled()) }.encode().is_ok());
}
