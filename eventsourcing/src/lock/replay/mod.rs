//! The proof that today's code reads what may be stored: payloads made from the locked shapes go through the codec of
//! the event type. Knows nothing of how a lock is written.

mod check;
mod fault;
mod instant;
mod kept;
mod mistaken;
mod refusal;
mod repair;
mod report;

use crate::{
    codec::EncodeError,
    lock::{Compiled, Failure, LockedEvent},
    schema::{Event, Shape, changed_formats, recursion::unfolded},
};
use check::Codec;

/// Checks that `E` reads all that the locked versions allow to be stored, and loses nothing of it.
///
/// Payloads are made from each locked shape (see [`payloads`](crate::lock::payloads)) and decoded by `E`. Those of the
/// version that is written today are encoded again as well, and each value must come back. Validation of your own (a
/// `TryFrom` that refuses an empty name, say) may refuse what is made up; that is printed, and no failure.
///
/// # Errors
///
/// When a payload is not readable or loses something: names the event, the place and the payload.
pub fn history_is_readable<E: Event>(locked: &[LockedEvent]) -> Result<(), Failure> {
    if let Some(changed) = changed_formats::first_changed(&E::TYPES) {
        return Err(Failure::new(EncodeError::from(changed).to_string()));
    }
    let Findings { unreadable, refused } = findings::<E>(locked);
    if let Some(refused) = refused {
        println!("{refused}");
    }
    unreadable.map_or(Ok(()), |unreadable| Err(Failure::new(unreadable)))
}

/// The same for an event type and its own lock.
///
/// # Errors
///
/// Those of [`history_is_readable`].
pub fn is_readable<E: Compiled>() -> Result<(), Failure> {
    history_is_readable::<E>(E::LOCK.events)
}

/// Whether values show that a variant of an untagged enum in this shape is never read: the proof of the rules makes none.
pub fn has_mistaken_values(shape: &Shape) -> bool {
    !mistaken::mistaken(&unfolded(shape)).is_empty()
}

/// What a check of history found, in words.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "nobody's API: the proof of the rules reads it")]
pub struct Findings {
    /// What is not readable, or is lost.
    pub unreadable: Option<String>,
    /// What the user's own rules have refused.
    pub refused: Option<String>,
}

/// Checks without a judgement.
pub fn findings<E: Event>(locked: &[LockedEvent]) -> Findings {
    findings_of(std::any::type_name::<E>(), &Codec::of::<E>(), locked)
}

fn findings_of(name: &str, codec: &Codec, locked: &[LockedEvent]) -> Findings {
    let checked: Vec<_> = locked.iter().map(|locked| check::check(codec, locked)).collect();
    Findings { unreadable: report::unreadable(name, &checked), refused: report::refused(&checked) }
}
