//! The crate `indexmap`. Payloads are stored as text, so the order of the entries comes back.

use indexmap::{IndexMap, IndexSet};

use crate::schema::{MapKey, Schema, Shape, mix};

impl<K: MapKey, V: Schema, S> Schema for IndexMap<K, V, S> {
    const SHAPE: Shape = Shape::Ordered(&Shape::Map { key: &K::SHAPE, value: &V::SHAPE });
    const FINGERPRINT: u64 = mix::node("ordered", mix::sequence("map", &[K::FINGERPRINT, V::FINGERPRINT]));
}

impl<T: Schema, S> Schema for IndexSet<T, S> {
    const SHAPE: Shape = Shape::Ordered(&Shape::Set(&T::SHAPE));
    const FINGERPRINT: u64 = mix::node("ordered", mix::node("set", T::FINGERPRINT));
}
