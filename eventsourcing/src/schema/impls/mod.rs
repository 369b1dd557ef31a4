//! Schemas of types that are not the user's. Each states the form that serde writes and reads, and nothing else.

#[cfg(feature = "bytes")]
mod bytes;
pub(super) mod changed;
mod choices;
#[cfg(feature = "chrono")]
mod chrono;
mod collections;
#[cfg(feature = "indexmap")]
mod indexmap;
#[cfg(feature = "jiff")]
mod jiff;
mod json;
pub(crate) mod refused;
#[cfg(feature = "rust_decimal")]
pub(super) mod rust_decimal;
mod scalars;
#[cfg(feature = "semver")]
mod semver;
#[cfg(feature = "serde_bytes")]
mod serde_bytes;
#[cfg(feature = "serde_with")]
mod serde_with;
mod shapes;
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
