//! What a check of history finds.

use super::kept::Loss;
use crate::codec::DecodeError;

/// A payload that today's code does not read as it was meant.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) fault: Fault,
    pub(super) payload: String,
}

#[derive(Debug)]
pub(super) enum Fault {
    /// It is not read.
    Unreadable(DecodeError),
    /// It is read, and then something is missing or different.
    Lost(Box<Loss>),
    /// It is read, and cannot be written again.
    Unwritable(String),
    /// It is read as an event that is written under another tag or version.
    Elsewhere(String),
    /// A value of a variant of an untagged enum, of which every value is read as another variant.
    Mistaken { variant: &'static str, mistaken_for: &'static str },
    /// It is retired, and delivered all the same; or it is not retired, and not delivered.
    Delivery {
        /// Whether it should be delivered.
        wanted: bool,
    },
}
