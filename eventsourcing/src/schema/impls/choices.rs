//! Enums of the standard library.

use std::ops::Bound;

use crate::schema::{
    shape::{CodePlace, Schema, Shape, Tagging, Variant},
    value_check::ValueCheck,
};

impl<T: Schema, E: Schema> Schema for Result<T, E> {
    const SHAPE: Shape = choice(&[content("Ok", T::SHAPE), content("Err", E::SHAPE)]);
    const EXACT: bool = T::EXACT && E::EXACT;

    fn check_value(&self, check: &mut ValueCheck) {
        match self {
            Ok(value) => check.key("Ok", |check| value.check_value(check)),
            Err(error) => check.key("Err", |check| error.check_value(check)),
        }
    }
}

impl<T: Schema> Schema for Bound<T> {
    const SHAPE: Shape = choice(&[
        Variant {
            name: "Unbounded",
            aliases: &[],
            shape: Shape::Null,
            other: false,
            read_only: false,
            origin: CodePlace::UNKNOWN,
        },
        content("Included", T::SHAPE),
        content("Excluded", T::SHAPE),
    ]);
    const EXACT: bool = T::EXACT;

    fn check_value(&self, check: &mut ValueCheck) {
        match self {
            Self::Included(value) => check.key("Included", |check| value.check_value(check)),
            Self::Excluded(value) => check.key("Excluded", |check| value.check_value(check)),
            Self::Unbounded => {}
        }
    }
}

const fn choice(variants: &'static [Variant]) -> Shape {
    Shape::Enum { tagging: Tagging::External, variants }
}

const fn content(name: &'static str, shape: Shape) -> Variant {
    Variant {
        name,
        aliases: &[],
        shape: shape.as_content(),
        other: false,
        read_only: false,
        origin: CodePlace::UNKNOWN,
    }
}
