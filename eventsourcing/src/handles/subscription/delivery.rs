//! What a subscription hands out, and what it does about what it cannot.

use crate::vocabulary::Recorded;

/// What a subscription has to say.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is nothing else to say")]
pub enum Delivery<E> {
    /// An event.
    Event(Recorded<E>),
    /// Everything that was committed has been handed out; what follows is live. Said again whenever the subscription has
    /// fallen behind and caught up.
    CaughtUp,
}

/// What to do about an event that cannot be decoded, or a row that is [no event at all](crate::Malformed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OnUndecodable {
    /// Hand out the error, and go on behind the event only when asked again.
    #[default]
    Stop,
    /// Report it with `tracing` as an error, and go on behind it.
    Skip,
}
