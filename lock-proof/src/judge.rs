//! What the rules say of a pair of types, and what the codec shows.

use eventsourcing::{
    __private::{Findings, differences, findings},
    Event,
    schema::{LockedEvent, Shape, Verdict, compatibility, payloads},
};

/// A pair of event types, each of one event: as it was stored, and as it is now.
#[must_use]
pub fn judge<Old: Event, New: Event>() -> Judged {
    let (old, new) = (&Old::TYPES.own[0], &New::TYPES.own[0]);
    Judged {
        verdict: compatibility(&new.shape, &old.shape),
        differences: differences(&new.shape, &old.shape),
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
    /// What they find breaking.
    pub differences: String,
    /// How many payloads of the old type there are.
    pub payloads: usize,
    /// Which of them the old type itself does not keep.
    pub old: Option<String>,
    /// Which of them the new type does not keep.
    pub new: Option<String>,
}

fn complaint<E: Event>(tag: &'static str, shape: &'static Shape) -> Option<String> {
    let Findings { unreadable, refused } = findings::<E>(&[LockedEvent { tag, version: 1, shape }]);
    // The types have no rules of their own: what a foreign type refuses is not readable either.
    unreadable.or(refused)
}
