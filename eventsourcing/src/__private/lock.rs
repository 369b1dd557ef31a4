//! The comparison of the code with its lock, while it compiles. A difference is reported at the caller, which the derive
//! gives the place of the field, the type or the variant.

use crate::schema::{
    Shape,
    compare::{Part, Text, losses},
    old_type::{self, OldType},
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
    /// The type of the locked shape.
    pub old: OldType<'a>,
    /// Whether that type is written whole: `EVENTS_LOCK=old`.
    pub writes_old: bool,
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

/// How many bytes a message may have, with the type in it.
const ROOM: usize = 40_000;

#[track_caller]
const fn report(check: &LockCheck<'_>, part: Part<'_>) {
    let losses = losses(check.now, check.locked, part);
    if losses.is_empty() {
        return;
    }
    let mut message = Text::<ROOM>::new();
    message.add("stored events could no longer be read: ");
    message.quote(check.tag);
    message.add(" version ");
    message.number(check.version as usize);
    message.add(" is locked in `events.lock`");
    message.add(losses.text());
    message.add("\n");
    message.add(check.advice);
    if is_first(check, part) {
        add_old_type(&mut message, check);
    }
    message.fail();
}

/// Adds the type of the locked shape, or how to see it.
const fn add_old_type<const ROOM: usize>(message: &mut Text<ROOM>, check: &LockCheck<'_>) {
    let LockCheck { old, now, locked, .. } = check;
    if check.writes_old {
        message.add("\n\n");
        message.add(old_type::source(old, now, locked).text());
        return;
    }
    if let Some(line) = old_type::short(old, now, locked) {
        message.add("\n  `");
        message.add(line.text());
        message.add("`");
    }
    message.add("\n`EVENTS_LOCK=old cargo check` writes ");
    message.quote(old.name);
    if !old.into.is_empty() {
        message.add(" and the step from it");
    }
}

/// The type of a locked shape, as `EVENTS_LOCK=old` has it in a message.
pub fn old_type(old: &OldType<'_>, now: &Shape, locked: &Shape) -> String {
    old_type::source(old, now, locked).text().to_owned()
}

/// Whether no other part of the event has differences that come before: one message has the type.
const fn is_first(check: &LockCheck<'_>, part: Part<'_>) -> bool {
    let fields = match check.now {
        Shape::Struct { fields, .. } => *fields,
        _ => &[],
    };
    let mut i = 0;
    while i < fields.len() {
        match part {
            Part::All | Part::Field(_) if part.has(fields[i].name) => return true,
            _ if fields[i].flatten || part.has(fields[i].name) => {}
            _ if !losses(check.now, check.locked, Part::Field(fields[i].name)).is_empty() => return false,
            _ => {}
        }
        i += 1;
    }
    true
}
