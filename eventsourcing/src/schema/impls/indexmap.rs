//! The crate `indexmap`. Payloads are stored as text, so the order of the entries comes back.

use indexmap::{IndexMap, IndexSet};

use super::collections::{elements, entries};
use crate::schema::{
    hash,
    shape::{MapKey, Schema, Shape},
};

impl<K: MapKey, V: Schema, S> Schema for IndexMap<K, V, S> {
    const SHAPE: Shape = Shape::Ordered(&Shape::Map { key: &K::SHAPE, value: &V::SHAPE });
    const FINGERPRINT: u64 = hash::node("ordered", hash::sequence("map", &[K::FINGERPRINT, V::FINGERPRINT]));
    entries!(K, V);
}

impl<T: Schema, S> Schema for IndexSet<T, S> {
    const SHAPE: Shape = Shape::Ordered(&Shape::Set(&T::SHAPE));
    const FINGERPRINT: u64 = hash::node("ordered", hash::node("set", T::FINGERPRINT));
    elements!(T);
}
