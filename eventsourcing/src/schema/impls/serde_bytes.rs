//! The crate `serde_bytes`. JSON has no bytes: they are a list of numbers, as without it.

use serde_bytes::{ByteArray, ByteBuf};

use super::shapes::shapes;
use crate::schema::shape::{Integer, Schema, Shape};

shapes! {
    ByteBuf => Shape::List(&Shape::Integer(Integer::U8));
}

impl<const N: usize> Schema for ByteArray<N> {
    const SHAPE: Shape = Shape::Array(&Shape::Integer(Integer::U8), N);
    const EXACT: bool = true;
}
