//! The crate `smallvec`.

use smallvec::{Array, SmallVec};

use super::collections::elements;
use crate::schema::{
    hash,
    shape::{Schema, Shape},
};

impl<A: Array<Item: Schema>> Schema for SmallVec<A> {
    const SHAPE: Shape = Shape::List(&<A::Item as Schema>::SHAPE);
    const FINGERPRINT: u64 = hash::node("list", <A::Item as Schema>::FINGERPRINT);
    elements!(A::Item);
}
