//! Lists, sets, arrays, maps and ranges.

use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    ops::{Range, RangeFrom, RangeInclusive, RangeTo},
};

use crate::schema::{
    default::DefaultValue,
    hash,
    shape::{CodePlace, Field, MapKey, Schema, Shape},
};

macro_rules! lists {
    ($($list:ident)+) => {
        $(
            impl<T: Schema> Schema for $list<T> {
                const SHAPE: Shape = Shape::List(&T::SHAPE);
                const FINGERPRINT: u64 = hash::node("list", T::FINGERPRINT);
            }
        )+
    };
}

lists!(Vec VecDeque LinkedList);

/// A heap keeps its elements in an order of its own.
impl<T: Schema> Schema for BinaryHeap<T> {
    const SHAPE: Shape = Shape::Format("heap", &Shape::List(&T::SHAPE));
}

impl<T: Schema> Schema for [T] {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
    const FINGERPRINT: u64 = hash::node("list", T::FINGERPRINT);
}

impl<T: Schema> Schema for BTreeSet<T> {
    const SHAPE: Shape = Shape::Set(&T::SHAPE);
    const FINGERPRINT: u64 = hash::node("set", T::FINGERPRINT);
}

impl<T: Schema, S> Schema for HashSet<T, S> {
    const SHAPE: Shape = Shape::Set(&T::SHAPE);
    const FINGERPRINT: u64 = hash::node("set", T::FINGERPRINT);
}

/// Of any length; serde itself writes and reads up to 32, longer ones need a `with`.
impl<T: Schema, const N: usize> Schema for [T; N] {
    const SHAPE: Shape = Shape::Array(&T::SHAPE, N);
}

impl<K: MapKey, V: Schema> Schema for BTreeMap<K, V> {
    const SHAPE: Shape = Shape::Map { key: &K::SHAPE, value: &V::SHAPE };
    const FINGERPRINT: u64 = hash::sequence("map", &[K::FINGERPRINT, V::FINGERPRINT]);
}

impl<K: MapKey, V: Schema, S> Schema for HashMap<K, V, S> {
    const SHAPE: Shape = Shape::Map { key: &K::SHAPE, value: &V::SHAPE };
    const FINGERPRINT: u64 = hash::sequence("map", &[K::FINGERPRINT, V::FINGERPRINT]);
}

// What the ends of a range mean is told by its format: two ranges of other kinds look alike.
impl<T: Schema> Schema for Range<T> {
    const SHAPE: Shape = Shape::Format("range", &range(&[end::<T>("start"), end::<T>("end")]));
}

impl<T: Schema> Schema for RangeInclusive<T> {
    const SHAPE: Shape = Shape::Format("range-inclusive", &range(&[end::<T>("start"), end::<T>("end")]));
}

impl<T: Schema> Schema for RangeFrom<T> {
    const SHAPE: Shape = Shape::Format("range-from", &range(&[end::<T>("start")]));
}

impl<T: Schema> Schema for RangeTo<T> {
    const SHAPE: Shape = Shape::Format("range-to", &range(&[end::<T>("end")]));
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
