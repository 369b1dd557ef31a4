//! Port: how far a named consumer has come.

use crate::position::GlobalPosition;

/// How far a named consumer has durably come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "adapters build it")]
pub struct Checkpoint {
    /// The last position that it has handled; `None` before the first event.
    pub position: Option<GlobalPosition>,
    /// The fencing token: raised by each reset, so that a worker from before it can move nothing any more.
    pub token: i64,
}
