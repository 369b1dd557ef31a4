//! Floor 3b: consumers: what reads the log under a name, with a checkpoint. Knows no adapter.
//!
//! [`Store`](crate::handles::Store) says on what the examples run.

mod declared;
mod error;
mod panics;
mod pauses;
mod projection;
mod projector;
mod status;
mod stop;

pub use self::{error::ProjectorError, projection::Projection, projector::Projector, status::ProjectorStatus};
