//! Floor 1: events to JSON text and back. Knows nothing of storage or async.

pub mod as_text;
mod depth;
mod error;
pub mod json;

pub use error::{DecodeError, EncodeError, PayloadError};
