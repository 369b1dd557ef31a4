//! What the rules say of a pair of types, and what the codec shows.

use std::panic::catch_unwind;

use eventsourcing::{
    Event,
    schema::{LockedEvent, Shape, Verdict, compatibility, history_is_readable, payloads},
};

/// A pair of event types, each of one event: as it was stored, and as it is now.
#[must_use]
pub fn judge<Old: Event, New: Event>() -> Judged {
    let (old, new) = (&Old::TYPES.own[0], &New::TYPES.own[0]);
    Judged {
        verdict: compatibility(&new.shape, &old.shape),
        payloads: payloads(&old.shape).len(),
        old: complaint::<Old>(old.tag, &old.shape),
        new: complaint::<New>(new.tag, &old.shape),
    }
}

/// What came of a pair.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "the generated program reads it")]
pub struct Judged {
    /// What the rules say.
    pub verdict: Verdict,
    /// How many payloads of the old type there are.
    pub payloads: usize,
    /// Which of them the old type itself does not keep.
    pub old: Option<String>,
    /// Which of them the new type does not keep.
    pub new: Option<String>,
}

fn complaint<E: Event>(tag: &'static str, shape: &'static Shape) -> Option<String> {
    let check = || history_is_readable::<E>(&[LockedEvent { tag, version: 1, shape }]);
    let panic = catch_unwind(check).err()?;
    Some(panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "a panic without words".to_owned()))
}
