//! Schemas of types that are not the user's. Each states the form that serde writes and reads, and nothing else.

use crate::schema::changed::Changed;

#[cfg(feature = "bytes")]
mod bytes;
mod choices;
#[cfg(feature = "chrono")]
mod chrono;
mod collections;
#[cfg(feature = "indexmap")]
mod indexmap;
#[cfg(feature = "jiff")]
mod jiff;
mod json;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;
mod scalars;
#[cfg(feature = "semver")]
mod semver;
#[cfg(feature = "serde_bytes")]
mod serde_bytes;
#[cfg(feature = "serde_with")]
mod serde_with;
#[cfg(feature = "smallvec")]
mod smallvec;
mod time;
mod tuples;
#[cfg(feature = "ulid")]
mod ulid;
#[cfg(feature = "url")]
mod url;
mod uuid;
mod wrappers;

/// The formats of these types that this build does not write as they are stated. Each library has been looked through
/// for features that change its text; whoever adds one does so too.
pub(super) fn changed() -> Vec<Changed> {
    #[cfg(feature = "rust_decimal")]
    let changed = rust_decimal::changed();
    #[cfg(not(feature = "rust_decimal"))]
    let changed = None;
    changed.into_iter().collect()
}

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
