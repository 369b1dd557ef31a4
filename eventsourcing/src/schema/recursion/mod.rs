//! Shapes that contain themselves: where a cut leads to, and where a type comes up inside of itself.

#[cfg_attr(not(feature = "lock"), expect(dead_code, reason = "only the tests of a lock look behind a shape"))]
mod cuts;
mod probe;

#[cfg(feature = "lock")]
pub(crate) use self::cuts::said;
pub(crate) use self::cuts::unfolded;
