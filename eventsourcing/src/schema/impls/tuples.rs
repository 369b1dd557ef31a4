//! Tuples: arrays with one shape for each place.

use super::shapes::shapes;
use crate::schema::{
    shape::{Schema, Shape},
    value_check::ValueCheck,
};

shapes! {
    () => Shape::Null;
}

macro_rules! tuples {
    () => {};
    ($first:ident $($rest:ident)*) => {
        impl<$first: Schema, $($rest: Schema),*> Schema for ($first, $($rest,)*) {
            const SHAPE: Shape = Shape::Tuple(&[$first::SHAPE, $($rest::SHAPE),*]);
            const EXACT: bool = $first::EXACT $(&& $rest::EXACT)*;

            #[expect(non_snake_case, reason = "each value has the name of its type")]
            fn check_value(&self, check: &mut ValueCheck) {
                let ($first, $($rest,)*) = self;
                let looks: &[&dyn Fn(&mut ValueCheck)] =
                    &[&|check| $first.check_value(check), $(&|check| $rest.check_value(check)),*];
                for (index, look) in looks.iter().enumerate() {
                    check.index(index, look);
                }
            }
        }

        tuples!($($rest)*);
    };
}

// The sixteen that serde has.
tuples!(A B C D E F G H I J K L M N O P);
