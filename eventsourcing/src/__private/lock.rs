//! The comparison of the code with its lock, while it compiles. A difference is reported at the caller, which the derive
//! gives the place of the field, the type or the variant.

use crate::schema::{
    Shape,
    compare::{Message, Part, losses},
};

/// A locked version of an event, and the shape with which today's code reads it.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "the derive builds it")]
pub struct LockCheck<'a> {
    /// The stored name.
    pub tag: &'a str,
    /// The locked version, as it is shown.
    pub version: u16,
    /// What to write instead.
    pub advice: &'a str,
    /// Whether the fingerprints are equal, which ends the comparison.
    pub same: bool,
    /// What the code reads.
    pub now: &'a Shape,
    /// What may be stored.
    pub locked: &'a Shape,
}

/// Fails to compile when stored events lose something in this field of the payload.
#[track_caller]
pub const fn check_field(check: &LockCheck<'_>, field: &str) {
    if !check.same {
        report(check, Part::Field(field));
    }
}

/// Fails to compile when stored events lose something in none of these fields.
#[track_caller]
pub const fn check_rest(check: &LockCheck<'_>, fields: &[&str]) {
    if !check.same {
        report(check, Part::AllBut(fields));
    }
}

/// Fails to compile when stored events lose anything.
#[track_caller]
pub const fn check_whole(check: &LockCheck<'_>) {
    if !check.same {
        report(check, Part::All);
    }
}

#[track_caller]
const fn report(check: &LockCheck<'_>, part: Part<'_>) {
    let losses = losses(check.now, check.locked, part);
    if losses.is_empty() {
        return;
    }
    let mut message = Message::new();
    message.add("stored events could no longer be read: ");
    message.quote(check.tag);
    message.add(" version ");
    message.number(check.version as usize);
    message.add(" is locked in `events.lock`");
    message.add(losses.text());
    message.add("\n");
    message.add(check.advice);
    message.fail();
}
