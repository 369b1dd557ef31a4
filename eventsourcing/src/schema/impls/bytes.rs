//! The crate `bytes`.

use bytes::{Bytes, BytesMut};

use super::shapes::shapes;
use crate::schema::shape::{Integer, Shape};

shapes! {
    // JSON has no bytes: they are a list of numbers, as in a `Vec<u8>`.
    Bytes => Shape::List(&Shape::Integer(Integer::U8));
    BytesMut => Shape::List(&Shape::Integer(Integer::U8));
}
