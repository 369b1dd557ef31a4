//! Schemas of types that are not the user's. Each states the form that serde writes and reads, and nothing else.

#[cfg(feature = "chrono")]
mod chrono;
mod collections;
mod json;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;
mod scalars;
mod time;
mod tuples;
mod uuid;
mod wrappers;

/// States one shape for some types, which are map keys as well where it says so.
macro_rules! shapes {
    ($($ty:ty => $shape:expr $(, $key:ident)?;)+) => {
        $(
            impl $crate::schema::Schema for $ty {
                const SHAPE: $crate::schema::Shape = $shape;
            }
            $(
                    impl $crate::schema::$key for $ty {}
            )?
        )+
    };
}
use shapes;
