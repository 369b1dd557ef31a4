//! Enums of the standard library.

use std::ops::Bound;

use crate::schema::shape::{CodePlace, Schema, Shape, Tagging, Variant};

impl<T: Schema, E: Schema> Schema for Result<T, E> {
    const SHAPE: Shape = choice(&[content("Ok", T::SHAPE), content("Err", E::SHAPE)]);
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
