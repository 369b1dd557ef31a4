//! What the rules say of a pair of types, and what the codec shows.

use std::collections::HashMap;

use eventsourcing::{
    __private::{Findings, differences, findings},
    Encoded, Event, SchemaVersion, Tag,
    lock::{LockedEvent, payloads},
    schema::{Shape, Verdict, compatibility},
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
        new: complaint::<New>(new.tag, &old.shape)
            .or_else(|| changed::<Old, New>(&old.shape, &new.shape))
            .or_else(confused::<Old, New>),
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
    let Findings { unreadable, refused } = findings::<E>(&[LockedEvent::new(tag, 1, shape)]);
    // The types have no rules of their own: what a foreign type refuses is not readable either.
    unreadable.or(refused)
}

/// A value of the old type that the new one reads as another value: written by the new type and read by the old one, it
/// is not the text that it was. This sees what the new type itself cannot, such as an order or an offset.
fn changed<Old: Event, New: Event>(old: &Shape, new: &Shape) -> Option<String> {
    // The old type must know the new names, and a field that is no longer written does not come back.
    if compatibility(old, new) == Verdict::Breaking || format!("{new:?}").contains("read_only: true") {
        return None;
    }
    payloads(old).iter().find_map(|payload| {
        let written = Old::TYPES.own[0].tag;
        let stored = again::<Old>(written, payload.as_bytes())?;
        let back = again::<Old>(written, &again::<New>(written, &stored)?)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (back != stored).then(|| format!("{} has become {}", text(&stored), text(&back)))
    })
}

/// What a type writes of what it reads.
fn again<E: Event>(tag: &'static str, payload: &[u8]) -> Option<Vec<u8>> {
    let event = E::decode(&Encoded::new(Tag::from_static(tag), SchemaVersion::FIRST, payload)).ok()??;
    Some(event.encode().ok()?.payload)
}

/// Two payloads that the old type tells apart, and that the new one reads as the same event.
fn confused<Old: Event, New: Event>() -> Option<String> {
    let (old, new) = (&Old::TYPES.own[0], &New::TYPES.own[0]);
    if leaves_out(&new.shape) {
        return None;
    }
    let mut meanings = HashMap::new();
    payloads(&old.shape).iter().find_map(|payload| {
        let meant = again::<Old>(old.tag, payload.as_bytes())?;
        let known = meanings.entry(again::<New>(new.tag, payload.as_bytes())?).or_insert_with(|| meant.clone());
        (*known != meant)
            .then(|| format!("{payload} is read as what was written as {}", String::from_utf8_lossy(known)))
    })
}

/// Whether a part of this shape is read and not written: what was stored there need not be told apart.
fn leaves_out(shape: &Shape) -> bool {
    match shape {
        Shape::Option(inner)
        | Shape::List(inner)
        | Shape::Set(inner)
        | Shape::Array(inner, _)
        | Shape::Map { value: inner, .. }
        | Shape::Recursive(inner)
        | Shape::Stated(inner, _)
        | Shape::Ordered(inner)
        | Shape::Format(_, inner) => leaves_out(inner),
        Shape::Tuple(shapes) => shapes.iter().any(leaves_out),
        Shape::Struct { fields, .. } => fields.iter().any(|field| field.read_only || leaves_out(&field.shape)),
        Shape::Enum { variants, .. } => variants.iter().any(|variant| variant.read_only || leaves_out(&variant.shape)),
        _ => false,
    }
}
