//! Types of every kind that serde's attributes make, and values of them.

#![expect(clippy::enum_variant_names, clippy::struct_field_names, reason = "names say which case of serde they are")]

use std::collections::{BTreeMap, HashMap};

use eventsourcing::Schema;
use proptest::{collection, option, prelude::*};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Every finite double, the odd ones often.
pub(crate) fn double() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |float| float.is_finite()),
        prop::sample::select(vec![
            0.0,
            -0.0,
            0.1,
            1.0,
            1e23,
            f64::MIN,
            f64::MAX,
            f64::MIN_POSITIVE,
            5e-324,
            f64::EPSILON,
            9_007_199_254_740_993.0,
            18_446_744_073_709_551_616.0,
        ]),
    ]
}

pub(crate) fn single() -> impl Strategy<Value = f32> {
    prop_oneof![
        any::<u32>().prop_map(f32::from_bits).prop_filter("finite", |float| float.is_finite()),
        prop::sample::select(vec![0.0, -0.0, 0.1, f32::MIN, f32::MAX, f32::MIN_POSITIVE, 16_777_216.0]),
    ]
}

/// Any text but U+0000: every plane, combining characters, controls.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[^\u{0}]{0,12}",
        prop::sample::select(vec![
            "",
            "\u{1}\u{1f}\u{7f}",
            "\"\\/",
            "\u{2028}",
            "a\u{301}\u{202e}",
            "\u{10ffff}",
            "\\u0000"
        ])
        .prop_map(str::to_owned),
    ]
}

macro_rules! limits {
    ($($name:ident: $ty:ty;)+) => {
        $(
            pub(crate) fn $name() -> impl Strategy<Value = $ty> {
                prop_oneof![any::<$ty>(), Just(<$ty>::MIN), Just(<$ty>::MAX), Just(0)]
            }
        )+
    };
}

limits! { int8: i8; int16: i16; int32: i32; int64: i64; uint8: u8; uint16: u16; uint32: u32; uint64: u64; }

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Scalars {
    yes_or_no: bool,
    small: (i8, i16, u8, u16),
    middle: (i32, u32),
    large: (i64, u64),
    single: f32,
    double: f64,
    one_char: char,
    #[serde(rename = "text \"é\"", alias = "text")]
    text: String,
}

pub(crate) fn scalars() -> impl Strategy<Value = Scalars> {
    let character = any::<char>().prop_filter("no NUL", |c| *c != '\0');
    let small = (int8(), int16(), uint8(), uint16());
    (any::<bool>(), small, (int32(), uint32()), (int64(), uint64()), single(), double(), character, text()).prop_map(
        |(yes_or_no, small, middle, large, single, double, one_char, text)| Scalars {
            yes_or_no,
            small,
            middle,
            large,
            single,
            double,
            one_char,
            text,
        },
    )
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Optionals {
    plain: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<String>,
    #[serde(default)]
    defaulted: u16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    list: Vec<Option<f64>>,
    boxed: Box<Option<bool>>,
    #[serde(skip)]
    unseen: u8,
    #[serde(rename = "type")]
    kind: Currency,
}

pub(crate) fn optionals() -> impl Strategy<Value = Optionals> {
    let list = collection::vec(option::of(double()), 0..3);
    let boxed = option::of(any::<bool>());
    (option::of(int64()), option::of(text()), uint16(), list, boxed, currency()).prop_map(
        |(plain, skipped, defaulted, list, boxed, kind)| Optionals {
            plain,
            skipped,
            defaulted,
            list,
            boxed: Box::new(boxed),
            unseen: 0,
            kind,
        },
    )
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Schema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Currency {
    Euro,
    #[serde(alias = "$")]
    UsDollar,
}

pub(crate) fn currency() -> impl Strategy<Value = Currency> {
    prop_oneof![Just(Currency::Euro), Just(Currency::UsDollar)]
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Schema)]
#[serde(transparent)]
pub(crate) struct Id<K> {
    key: K,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct Maps {
    by_text: BTreeMap<String, Vec<f64>>,
    by_number: HashMap<i64, Option<u8>>,
    by_name: BTreeMap<Id<Currency>, Id<Id<f64>>>,
    by_char: BTreeMap<char, ()>,
    by_bool: HashMap<bool, [u8; 2]>,
}

pub(crate) fn maps() -> impl Strategy<Value = Maps> {
    let id = |key| Id { key };
    (
        collection::btree_map(text(), collection::vec(double(), 0..3), 0..4),
        collection::hash_map(int64(), option::of(any::<u8>()), 0..4),
        collection::btree_map(currency().prop_map(id), double().prop_map(|key| Id { key: Id { key } }), 0..3),
        collection::btree_map(any::<char>().prop_filter("no NUL", |c| *c != '\0'), Just(()), 0..3),
        collection::hash_map(any::<bool>(), any::<[u8; 2]>(), 0..3),
    )
        .prop_map(|(by_text, by_number, by_name, by_char, by_bool)| Maps {
            by_text,
            by_number,
            by_name,
            by_char,
            by_bool,
        })
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct Pair<A, B> {
    first: A,
    second: Option<Box<B>>,
}

/// Generics inside of generics.
pub(crate) type Nested = Pair<Vec<Pair<Currency, f64>>, Pair<String, Pair<u64, Vec<i64>>>>;

pub(crate) fn nested() -> impl Strategy<Value = Nested> {
    let inner = pair(uint64(), collection::vec(int64(), 0..3));
    pair(collection::vec(pair(currency(), double()), 0..3), pair(text(), inner))
}

fn pair<A: std::fmt::Debug, B: std::fmt::Debug>(
    first: impl Strategy<Value = A>,
    second: impl Strategy<Value = B>,
) -> impl Strategy<Value = Pair<A, B>> {
    (first, option::of(second)).prop_map(|(first, second)| Pair { first, second: second.map(Box::new) })
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct Tree {
    weight: f64,
    children: Vec<Tree>,
    left: Option<Box<Tree>>,
}

pub(crate) fn tree() -> impl Strategy<Value = Tree> {
    let leaf = double().prop_map(|weight| Tree { weight, children: Vec::new(), left: None });
    leaf.prop_recursive(4, 12, 3, |inner| {
        (double(), collection::vec(inner.clone(), 0..3), option::of(inner)).prop_map(|(weight, children, left)| Tree {
            weight,
            children,
            left: left.map(Box::new),
        })
    })
}

/// The content that the variants of the tagged enums have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct Content {
    double: f64,
    single: f32,
    signed: i64,
    unsigned: u64,
    many: Vec<Option<f64>>,
    any: Value,
}

pub(crate) fn content() -> impl Strategy<Value = Content> {
    (double(), single(), int64(), uint64(), collection::vec(option::of(double()), 0..3), value()).prop_map(
        |(double, single, signed, unsigned, many, any)| Content { double, single, signed, unsigned, many, any },
    )
}

/// Any JSON value, within what it is compared by.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        int64().prop_map(Value::from),
        uint64().prop_map(Value::from),
        double().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            collection::btree_map(text(), inner, 0..3).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

macro_rules! tagged {
    ($name:ident, $values:ident, $(#[$serde:meta])*) => {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
        $(#[$serde])*
        pub(crate) enum $name {
            Unit,
            #[serde(rename = "new type", alias = "newtype")]
            Newtype(Content),
            Fields {
                double: f64,
                #[serde(default, skip_serializing_if = "Option::is_none")]
                text: Option<String>,
            },
            Nested(Box<Inner>),
        }

        pub(crate) fn $values() -> impl Strategy<Value = $name> {
            prop_oneof![
                Just($name::Unit),
                content().prop_map($name::Newtype),
                (double(), option::of(text())).prop_map(|(double, text)| $name::Fields { double, text }),
                inner().prop_map(|inner| $name::Nested(Box::new(inner))),
            ]
        }
    };
}

tagged!(External, external,);
tagged!(Internal, internal, #[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "UPPERCASE")]);
tagged!(Adjacent, adjacent, #[serde(tag = "t", content = "c")]);

/// An enum inside of enums.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "kind")]
pub(crate) enum Inner {
    One { double: f64, at: BTreeMap<String, i64> },
    Two(BTreeMap<String, f64>),
}

pub(crate) fn inner() -> impl Strategy<Value = Inner> {
    prop_oneof![
        (double(), collection::btree_map(text(), int64(), 0..3)).prop_map(|(double, at)| Inner::One { double, at }),
        collection::btree_map("[a-c]{1,3}", double(), 0..3).prop_map(Inner::Two),
    ]
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "type")]
pub(crate) enum Open {
    Known {
        number: u8,
    },
    #[serde(other)]
    Unknown,
}

pub(crate) fn open() -> impl Strategy<Value = Open> {
    prop_oneof![uint8().prop_map(|number| Open::Known { number }), Just(Open::Unknown)]
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(untagged)]
pub(crate) enum Untagged {
    Unit,
    Flag(bool),
    Unsigned(u64),
    Signed(i64),
    Double(f64),
    Text(String),
    Pair(u8, String),
    Closed(ClosedContent),
    Fields { weight: f64, count: Option<u64> },
    Map(BTreeMap<String, Vec<f64>>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosedContent {
    closed: i32,
}

pub(crate) fn untagged() -> impl Strategy<Value = Untagged> {
    prop_oneof![
        Just(Untagged::Unit),
        any::<bool>().prop_map(Untagged::Flag),
        uint64().prop_map(Untagged::Unsigned),
        (i64::MIN..0).prop_map(Untagged::Signed),
        double().prop_map(Untagged::Double),
        text().prop_map(Untagged::Text),
        (uint8(), text()).prop_map(|(number, text)| Untagged::Pair(number, text)),
        int32().prop_map(|closed| Untagged::Closed(ClosedContent { closed })),
        (double(), option::of(uint64())).prop_map(|(weight, count)| Untagged::Fields { weight, count }),
        collection::btree_map("[a-c]{1,3}", collection::vec(double(), 0..3), 0..3).prop_map(Untagged::Map),
    ]
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Choice {
    ChoiceOfFields { weight: f64 },
    ChoiceOfNewtype(u64),
    ChoiceOfNothing,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "inner tag", content = "inner content")]
pub(crate) enum Inner2 {
    Weight(f64),
    Pair(f64, u64),
}

pub(crate) fn flattened() -> impl Strategy<Value = Flattened> {
    let choice = prop_oneof![
        double().prop_map(|weight| Choice::ChoiceOfFields { weight }),
        uint64().prop_map(Choice::ChoiceOfNewtype),
        Just(Choice::ChoiceOfNothing),
    ];
    let inner = prop_oneof![
        double().prop_map(Inner2::Weight),
        (double(), uint64()).prop_map(|(double, number)| Inner2::Pair(double, number)),
    ];
    let perhaps = option::of(int32().prop_map(|closed| ClosedContent { closed }));
    (uint8(), content(), choice, inner, perhaps).prop_map(|(own, content, external, internal, perhaps)| Flattened {
        own,
        content,
        external,
        internal,
        perhaps,
    })
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct Flattened {
    own: u8,
    #[serde(flatten)]
    content: Content,
    #[serde(flatten)]
    external: Choice,
    #[serde(flatten)]
    internal: Inner2,
    #[serde(flatten)]
    perhaps: Option<ClosedContent>,
}

/// A flattened map takes whatever nobody else has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct WithRest {
    own: u8,
    #[serde(flatten)]
    known: ClosedContent,
    #[serde(flatten)]
    rest: BTreeMap<String, f64>,
}

pub(crate) fn with_rest() -> impl Strategy<Value = WithRest> {
    (uint8(), int32(), collection::btree_map("[a-c]{1,3}", double(), 0..4)).prop_map(|(own, closed, rest)| WithRest {
        own,
        known: ClosedContent { closed },
        rest,
    })
}
