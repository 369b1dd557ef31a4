//! Lists, sets, arrays, maps and ranges.

use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    ops::{Bound, Range, RangeBounds, RangeFrom, RangeInclusive, RangeTo},
};

use crate::schema::{
    default::DefaultValue,
    hash,
    shape::{CodePlace, Field, MapKey, Schema, Shape},
    value_check::ValueCheck,
};

/// The check of what a list, a set or an array holds.
macro_rules! elements {
    ($element:ty) => {
        const EXACT: bool = <$element as $crate::schema::Schema>::EXACT;

        fn check_value(&self, check: &mut $crate::schema::ValueCheck) {
            if !Self::EXACT {
                for (index, element) in self.iter().enumerate() {
                    check.index(index, |check| $crate::schema::Schema::check_value(element, check));
                }
            }
        }
    };
}
#[cfg(any(feature = "indexmap", feature = "smallvec"))]
pub(super) use elements;

/// The check of what a map holds.
macro_rules! entries {
    ($key:ty, $value:ty) => {
        const EXACT: bool = <$key as $crate::schema::Schema>::EXACT && <$value as $crate::schema::Schema>::EXACT;

        fn check_value(&self, check: &mut $crate::schema::ValueCheck) {
            if !Self::EXACT {
                for (key, value) in self {
                    check.entry(|check| $crate::schema::Schema::check_value(key, check));
                    check.entry(|check| $crate::schema::Schema::check_value(value, check));
                }
            }
        }
    };
}
#[cfg(feature = "indexmap")]
pub(super) use entries;

macro_rules! lists {
    ($($list:ident)+) => {
        $(
            impl<T: Schema> Schema for $list<T> {
                const SHAPE: Shape = Shape::List(&T::SHAPE);
                const FINGERPRINT: u64 = hash::node("list", T::FINGERPRINT);
                elements!(T);
            }
        )+
    };
}

lists!(Vec VecDeque LinkedList);

/// A heap keeps its elements in an order of its own.
impl<T: Schema> Schema for BinaryHeap<T> {
    const SHAPE: Shape = Shape::Format("heap", &Shape::List(&T::SHAPE));
    elements!(T);
}

impl<T: Schema> Schema for [T] {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
    const FINGERPRINT: u64 = hash::node("list", T::FINGERPRINT);
    elements!(T);
}

impl<T: Schema> Schema for BTreeSet<T> {
    const SHAPE: Shape = Shape::Set(&T::SHAPE);
    const FINGERPRINT: u64 = hash::node("set", T::FINGERPRINT);
    elements!(T);
}

impl<T: Schema, S> Schema for HashSet<T, S> {
    const SHAPE: Shape = Shape::Set(&T::SHAPE);
    const FINGERPRINT: u64 = hash::node("set", T::FINGERPRINT);
    elements!(T);
}

/// Of any length; serde itself writes and reads up to 32, longer ones need a `with`.
impl<T: Schema, const N: usize> Schema for [T; N] {
    const SHAPE: Shape = Shape::Array(&T::SHAPE, N);
    elements!(T);
}

impl<K: MapKey, V: Schema> Schema for BTreeMap<K, V> {
    const SHAPE: Shape = Shape::Map { key: &K::SHAPE, value: &V::SHAPE };
    const FINGERPRINT: u64 = hash::sequence("map", &[K::FINGERPRINT, V::FINGERPRINT]);
    entries!(K, V);
}

impl<K: MapKey, V: Schema, S> Schema for HashMap<K, V, S> {
    const SHAPE: Shape = Shape::Map { key: &K::SHAPE, value: &V::SHAPE };
    const FINGERPRINT: u64 = hash::sequence("map", &[K::FINGERPRINT, V::FINGERPRINT]);
    entries!(K, V);
}

// What the ends of a range mean is told by its format: two ranges of other kinds look alike.
impl<T: Schema> Schema for Range<T> {
    const SHAPE: Shape = Shape::Format("range", &range(&[end::<T>("start"), end::<T>("end")]));
    const EXACT: bool = T::EXACT;

    fn check_value(&self, check: &mut ValueCheck) {
        check.key("start", |check| self.start.check_value(check));
        check.key("end", |check| self.end.check_value(check));
    }
}

impl<T: Schema> Schema for RangeInclusive<T> {
    const SHAPE: Shape = Shape::Format("range-inclusive", &range(&[end::<T>("start"), end::<T>("end")]));

    fn check_value(&self, check: &mut ValueCheck) {
        if let Bound::Excluded(_) = self.end_bound() {
            check.refuse("the range is used up, which is not written, so it would be read as a full one; store `None`, or a range that was not iterated over");
        }
        check.key("start", |check| self.start().check_value(check));
        check.key("end", |check| self.end().check_value(check));
    }
}

impl<T: Schema> Schema for RangeFrom<T> {
    const SHAPE: Shape = Shape::Format("range-from", &range(&[end::<T>("start")]));
    const EXACT: bool = T::EXACT;

    fn check_value(&self, check: &mut ValueCheck) {
        check.key("start", |check| self.start.check_value(check));
    }
}

impl<T: Schema> Schema for RangeTo<T> {
    const SHAPE: Shape = Shape::Format("range-to", &range(&[end::<T>("end")]));
    const EXACT: bool = T::EXACT;

    fn check_value(&self, check: &mut ValueCheck) {
        check.key("end", |check| self.end.check_value(check));
    }
}

const fn range(fields: &'static [Field]) -> Shape {
    Shape::Struct { fields, closed: true }
}

/// Never absent: here serde does not read an `Option` from nothing.
const fn end<T: Schema>(name: &'static str) -> Field {
    Field {
        name,
        aliases: &[],
        shape: T::SHAPE,
        optional: false,
        flatten: false,
        read_only: false,
        default: DefaultValue::NONE,
        origin: CodePlace::UNKNOWN,
    }
}
