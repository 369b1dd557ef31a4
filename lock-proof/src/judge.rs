//! What the rules say of a pair of types, and what the codec shows.

use std::collections::HashMap;

use eventsourcing::{
    __private::{Findings, changed_values, differences, findings},
    Encoded, Event, SchemaVersion, Tag,
    lock::{LockedEvent, payloads},
    schema::{EventType, Shape, Variant, Verdict, compatibility},
};

/// An event type of one event, as data: what is compiled for each is its codec, and little else.
#[derive(Debug)]
pub struct Type {
    event: &'static EventType,
    findings: fn(&[LockedEvent]) -> Findings,
    /// What it writes of what it reads.
    again: fn(&Encoded<&[u8]>) -> Option<Vec<u8>>,
}

impl Type {
    /// That of an event type.
    #[must_use]
    pub fn of<E: Event>() -> Self {
        Self {
            event: &E::TYPES.own[0],
            findings: findings::<E>,
            again: |stored| Some(E::decode(stored).ok()??.encode().ok()?.payload),
        }
    }

    fn again(&self, payload: &[u8]) -> Option<Vec<u8>> {
        (self.again)(&Encoded::new(Tag::from_static(self.event.tag), SchemaVersion::FIRST, payload))
    }
}

/// What comes of a pair: a type as it was stored, and as it is now.
pub(crate) fn judge(old: &Type, new: &Type) -> Judged {
    let (now, locked) = (&new.event.shape, &old.event.shape);
    let verdict = compatibility(now, locked);
    // What no shape shows is seen by the test of the lock, which runs once the shapes compile.
    let values = if verdict == Verdict::Breaking { None } else { changed_values(new.event, old.event) };
    Judged {
        verdict: if values.is_some() { Verdict::Breaking } else { verdict },
        differences: values.unwrap_or_else(|| differences(now, locked)),
        payloads: payloads(locked).len(),
        old: complaint(old, locked),
        new: complaint(new, locked).or_else(|| changed(old, new)).or_else(|| confused(old, new)),
    }
}

/// What came of a pair.
pub(crate) struct Judged {
    /// What the rules say, and the lock of the values that they do not see.
    pub(crate) verdict: Verdict,
    /// What is found breaking.
    pub(crate) differences: String,
    /// How many payloads of the old type there are.
    pub(crate) payloads: usize,
    /// Which of them the old type itself does not keep.
    pub(crate) old: Option<String>,
    /// Which of them the new type does not keep.
    pub(crate) new: Option<String>,
}

fn complaint(ty: &Type, shape: &'static Shape) -> Option<String> {
    let Findings { unreadable, refused } = (ty.findings)(&[LockedEvent::new(ty.event.tag, 1, shape)]);
    // The types have no rules of their own: what a foreign type refuses is not readable either.
    unreadable.or(refused)
}

/// A value of the old type that the new one reads as another value: written by the new type and read by the old one, it
/// is not the text that it was. This sees what the new type itself cannot, such as an order, an offset, or what an absent
/// field was.
fn changed(old: &Type, new: &Type) -> Option<String> {
    // The old type must know the new names, and a field that is no longer written does not come back.
    if compatibility(&old.event.shape, &new.event.shape) == Verdict::Breaking
        || format!("{:?}", new.event.shape).contains("read_only: true")
    {
        return None;
    }
    payloads(&old.event.shape).iter().find_map(|payload| {
        let stored = old.again(payload.as_bytes())?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        [payload.as_bytes(), &stored].into_iter().find_map(|bytes| {
            let back = old.again(&new.again(bytes)?)?;
            (back != stored).then(|| format!("{} has become {}", text(&stored), text(&back)))
        })
    })
}

/// Two payloads that the old type tells apart, and that the new one reads as the same event. Those of two variants that
/// one reads now are seldom made with the same content, so each is tried under the names of the other too.
fn confused(old: &Type, new: &Type) -> Option<String> {
    if leaves_out(&new.event.shape) {
        return None;
    }
    let mut meanings = HashMap::new();
    let (mut merged, mut stored) = (Vec::new(), Vec::new());
    each_variant(&old.event.shape, &mut |variant| stored.push(variant.name));
    each_variant(&new.event.shape, &mut |variant| merged.push([&[variant.name], variant.aliases].concat()));
    // A name that was not known is for whichever variant may come to have it.
    for names in &mut merged {
        names.retain(|name| stored.contains(name));
    }
    let payloads = payloads(&old.event.shape);
    let renamed = payloads.iter().flat_map(|payload| merged.iter().flat_map(|names| renamed(payload, names)));
    payloads.iter().cloned().chain(renamed).find_map(|payload| {
        let meant = old.again(payload.as_bytes())?;
        let known = meanings.entry(new.again(payload.as_bytes())?).or_insert_with(|| meant.clone());
        (*known != meant)
            .then(|| format!("{payload} is read as what was written as {}", String::from_utf8_lossy(known)))
    })
}

/// The payload with one of these names in place of another.
fn renamed(payload: &str, names: &[&str]) -> Vec<String> {
    let quoted = |name: &&str| serde_json::json!(name).to_string();
    let names: Vec<String> = names.iter().map(quoted).collect();
    let stored = names.iter().filter(|name| payload.contains(*name));
    let pairs = stored.flat_map(|stored| names.iter().map(move |name| (stored, name)));
    pairs.filter(|(stored, name)| stored != name).map(|(stored, name)| payload.replace(stored, name)).collect()
}

/// Whether a part of this shape is read and not written: what was stored there need not be told apart.
fn leaves_out(shape: &Shape) -> bool {
    let mut found = false;
    each_part(shape, &mut |part| {
        found |= match part {
            Shape::Struct { fields, .. } => fields.iter().any(|field| field.read_only),
            Shape::Enum { variants, .. } => variants.iter().any(|variant| variant.read_only),
            _ => false,
        };
    });
    found
}

fn each_variant(shape: &Shape, visit: &mut dyn FnMut(&Variant)) {
    each_part(shape, &mut |part| {
        if let Shape::Enum { variants, .. } = part {
            variants.iter().for_each(&mut *visit);
        }
    });
}

/// Visits a shape and all that it is made of.
fn each_part(shape: &Shape, visit: &mut dyn FnMut(&Shape)) {
    visit(shape);
    match shape {
        Shape::Option(inner)
        | Shape::List(inner)
        | Shape::Set(inner)
        | Shape::Array(inner, _)
        | Shape::Map { value: inner, .. }
        | Shape::Recursive(inner)
        | Shape::Stated(inner, _)
        | Shape::Ordered(inner)
        | Shape::Format(_, inner) => each_part(inner, visit),
        Shape::Tuple(shapes) => shapes.iter().for_each(|shape| each_part(shape, visit)),
        Shape::Struct { fields, .. } => fields.iter().for_each(|field| each_part(&field.shape, visit)),
        Shape::Enum { variants, .. } => variants.iter().for_each(|variant| each_part(&variant.shape, visit)),
        _ => {}
    }
}
