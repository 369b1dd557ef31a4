//! Shapes that contain themselves: where a cut leads to, and where a type comes up inside of itself.

mod cuts;
mod probe;

pub(crate) use self::cuts::{said, unfolded};
