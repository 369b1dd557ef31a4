//! Tuples: arrays with one shape for each place.

use super::shapes::shapes;
use crate::schema::shape::{Schema, Shape};

shapes! {
    () => Shape::Null;
}

macro_rules! tuples {
    () => {};
    ($first:ident $($rest:ident)*) => {
        impl<$first: Schema, $($rest: Schema),*> Schema for ($first, $($rest,)*) {
            const SHAPE: Shape = Shape::Tuple(&[$first::SHAPE, $($rest::SHAPE),*]);
        }

        tuples!($($rest)*);
    };
}

// The sixteen that serde has.
tuples!(A B C D E F G H I J K L M N O P);
