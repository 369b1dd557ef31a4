//! Whether today's code reads what was stored in a locked shape, told from the two shapes alone.
//!
//! *Reads* means: every payload of the locked shape decodes, and no locked field is dropped. The rules lean to the safe
//! side: what is called [`Verdict::Breaking`] may in a few cases be readable after all, what is not always is. It runs at
//! compile time for events that have changed, and in tests.

mod enums;
pub(crate) mod fields;
mod formats;
mod message;
mod sequences;
mod structs;
mod untagged;

pub(crate) use fields::{is_named, reader};
pub(crate) use message::{Message, Text};

use fields::{is_sequence, plain};

use crate::vocabulary::same;
use crate::{
    mutants::without,
    schema::{
        old_type::owner,
        shape::{CutTarget, Float, Integer, Shape, Tagging, Variant},
    },
};

/// What has become of a locked shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a change is read or it is not")]
pub enum Verdict {
    /// Nothing that a reader would notice.
    Same,
    /// Something, and all that was stored is read without loss.
    Additive,
    /// Something stored may not be read, or not in full.
    Breaking,
}

/// What `now` is to events that were stored in the shape `locked`.
pub const fn compatibility(now: &Shape, locked: &Shape) -> Verdict {
    let mut walk = Walk::new(Part::All);
    walk.compare(now, locked, Place::ROOT);
    walk.verdict
}

/// Whether everything that was stored in the shape `locked` is read without loss.
pub(crate) const fn is_readable(now: &Shape, locked: &Shape) -> bool {
    !matches!(compatibility(now, locked), Verdict::Breaking)
}

/// The differences that make stored payloads unreadable, each on a line of its own; empty when there are none.
pub(crate) const fn losses(now: &Shape, locked: &Shape, part: Part<'_>) -> Message {
    let mut walk = Walk::new(part);
    let have_fields = matches!((plain(now), plain(locked)), (Shape::Struct { .. }, Shape::Struct { .. }));
    if have_fields || !matches!(part, Part::Field(_)) {
        walk.compare(now, locked, Place::ROOT);
    }
    walk.message
}

/// Which differences are asked for.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    /// All of them.
    All,
    /// Those in this field of the payload, as the code names it.
    Field(&'a str),
    /// Those in none of these fields of the payload.
    AllBut(&'a [&'a str]),
}

impl Part<'_> {
    /// Whether differences in this field of the payload are asked for.
    pub(crate) const fn has(self, field: &str) -> bool {
        match self {
            Self::All => true,
            Self::Field(wanted) => same(wanted, field),
            Self::AllBut(others) => !fields::contains(others, field),
        }
    }
}

struct Walk<'a> {
    verdict: Verdict,
    part: Part<'a>,
    message: Message,
}

/// How often a whole is put in where it contains itself, on the way to one place.
const UNFOLDS: u8 = 8;

/// Where the walk is.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// The place this one is part of; the payload itself is part of none.
    above: Option<&'a Place<'a>>,
    name: &'static str,
    /// The Rust type that this is a part of, when it is not the payload itself.
    owner: &'static str,
    /// The whole of today's type that contains itself here.
    now_whole: Option<&'a Shape>,
    /// The whole of the locked type that contains itself here.
    locked_whole: Option<&'a Shape>,
    /// Whether the two contain themselves in the same places.
    in_step: bool,
    /// How often a whole may yet be put in where it contains itself.
    unfolds: u8,
}

impl<'a> Place<'a> {
    const ROOT: Self = Self {
        above: None,
        name: "",
        owner: "",
        now_whole: None,
        locked_whole: None,
        in_step: false,
        unfolds: UNFOLDS,
    };

    const fn then(&'a self, name: &'static str) -> Self {
        Self { above: Some(self), name, ..*self }
    }

    /// Inside of one type or two that contain themselves. What is not in step with the other was not met with it.
    const fn inside(self, now: Option<&'a Shape>, locked: Option<&'a Shape>) -> Self {
        Self {
            now_whole: if now.is_some() { now } else { self.now_whole },
            locked_whole: if locked.is_some() { locked } else { self.locked_whole },
            in_step: now.is_some() && locked.is_some(),
            ..self
        }
    }

    /// The same place, as one of a struct or an enum of today with this name.
    const fn of(self, owner: &'static str) -> Self {
        if self.is_root() { self } else { Self { owner, ..self } }
    }

    const fn is_root(&self) -> bool {
        self.above.is_none()
    }

    /// The names on the way here, from the outside in.
    const fn write(&self, message: &mut Message) {
        let Some(above) = self.above else { return };
        above.write(message);
        if !above.is_root() && !matches!(self.name.as_bytes(), [b'[', ..]) {
            message.add(".");
        }
        message.add(self.name);
    }
}

impl<'a> Walk<'a> {
    const fn new(part: Part<'a>) -> Self {
        Self { verdict: Verdict::Same, part, message: Message::new() }
    }

    const fn additive(&mut self) {
        if matches!(self.verdict, Verdict::Same) {
            self.verdict = Verdict::Additive;
        }
    }

    /// Begins a line about what is lost here.
    const fn loses(&mut self, place: &Place<'_>) {
        self.verdict = Verdict::Breaking;
        self.message.add("\n  ");
        if !place.is_root() {
            place.write(&mut self.message);
            if !place.owner.is_empty() {
                self.message.add(", in ");
                self.message.quote(place.owner);
            }
            self.message.add(": ");
        }
    }

    const fn retyped(&mut self, now: &Shape, locked: &Shape, place: &Place<'_>) {
        self.loses(place);
        self.message.add("locked as `");
        self.message.shape(locked);
        self.message.add("`, now `");
        self.message.shape(now);
        self.message.add("`");
    }

    const fn compare(&mut self, now: &Shape, locked: &Shape, place: Place<'_>) {
        let (now, locked) = (plain(now), plain(locked));
        match (now, locked) {
            (Shape::Any, Shape::Any) => {}
            (Shape::Cut(now), Shape::Cut(locked)) => self.cuts(now, locked, &place),
            (_, Shape::Cut(locked)) if locked.is_unsaid() => self.additive(),
            (Shape::Any, locked) if locked.keeps_order() && !without("orders_in_any") => {
                self.retyped(now, locked, &place);
                self.message.add("; any JSON has no order of its keys, so the stored one would be lost");
            }
            (Shape::Any, _) | (Shape::Option(_), Shape::Null) => self.additive(),
            (Shape::Recursive(inner), Shape::Recursive(stored)) => {
                self.compare(inner, stored, place.inside(Some(now), Some(locked)));
            }
            (Shape::Itself, Shape::Itself) if place.in_step => {}
            (Shape::Itself, _) => self.unfold(locked, place),
            (_, Shape::Itself) => self.unfold_locked(now, place),
            (Shape::Recursive(inner), _) => self.compare(inner, locked, place.inside(Some(now), None)),
            (_, Shape::Recursive(inner)) => {
                self.additive();
                self.compare(now, inner, place.inside(None, Some(locked)));
            }
            (Shape::Option(now), Shape::Option(locked)) => self.compare(now, locked, place),
            (Shape::Option(inner), _) => {
                self.additive();
                self.compare(inner, locked, place);
            }
            (Shape::Format(..) | Shape::Ordered(_), _) | (_, Shape::Format(..) | Shape::Ordered(_)) => {
                self.narrowed(now, locked, place);
            }
            (Shape::Struct { fields: now, closed }, Shape::Struct { fields: locked, closed: was_closed }) => {
                if *closed != *was_closed {
                    self.additive();
                }
                let place = place.of(owner(&Shape::Struct { fields: now, closed: *closed }));
                self.fields(now, locked, place);
            }
            (Shape::Enum { tagging: now_by, variants: now }, Shape::Enum { tagging: locked_by, variants: locked }) => {
                let place = place.of(owner(&Shape::Enum { tagging: *now_by, variants: now }));
                self.variants((now_by, now), (locked_by, locked), place);
            }
            (Shape::Map { key: now_key, value: now }, Shape::Map { key: locked_key, value: locked }) => {
                self.keys(now_key, locked_key, place.then("[key]"));
                self.compare(now, locked, place.then("[]"));
            }
            _ if is_sequence(now) && is_sequence(locked) => self.sequence(now, locked, place),
            _ => self.leaf(now, locked, place),
        }
    }

    /// Types whose values are not those of the shape they are made of: fewer in a format, and in an order that is kept
    /// more than without it.
    const fn narrowed(&mut self, now: &Shape, locked: &Shape, place: Place<'_>) {
        match (now, locked) {
            (Shape::Format(now_format, now), Shape::Format(locked_format, locked))
                if same(now_format, locked_format) =>
            {
                self.compare(now, locked, place);
            }
            // The lock does not say whether there was a format.
            (Shape::Format(_, now), Shape::Format(format, locked)) if format.is_empty() => {
                self.widened(now, locked, place);
            }
            // A set has no order to lose.
            (Shape::Format(format, now), Shape::Set(_)) if same(format, "heap") => self.widened(now, locked, place),
            (Shape::Format(format, _), _) if same(format, "heap") => self.becomes_a_heap(now, locked, &place),
            (Shape::Format(_, now), _) if without("narrow_formats") => self.compare(now, locked, place),
            (Shape::Format(_, now), Shape::Format(_, locked)) if without("ranges_apart") => {
                self.compare(now, locked, place);
            }
            (Shape::Format(format, _), _) => {
                self.retyped(now, locked, &place);
                self.message.add(formats::misreading(format));
            }
            (_, Shape::Format(_, locked)) => self.widened(now, locked, place),
            (Shape::Ordered(now), Shape::Ordered(locked)) => self.compare(now, locked, place),
            (Shape::Ordered(now), _) => self.widened(now, locked, place),
            (Shape::Map { .. }, Shape::Ordered(Shape::Map { .. })) | (Shape::Set(_), Shape::Ordered(Shape::Set(_))) => {
                self.loses_order(now, locked, &place);
            }
            (_, Shape::Ordered(locked)) => self.compare(now, locked, place),
            _ => self.retyped(now, locked, &place),
        }
    }

    const fn widened(&mut self, now: &Shape, locked: &Shape, place: Place<'_>) {
        self.additive();
        self.compare(now, locked, place);
    }

    const fn loses_order(&mut self, now: &Shape, locked: &Shape, place: &Place<'_>) {
        if without("kept_orders") {
            return;
        }
        self.retyped(now, locked, place);
        self.message.add("; the stored order would be lost");
    }

    /// Puts today's whole type in the place where it contains itself.
    const fn unfold(&mut self, locked: &Shape, mut place: Place<'_>) {
        match place.now_whole {
            Some(whole) if place.unfolds > 0 => {
                place.unfolds -= 1;
                self.compare(whole, locked, place);
            }
            _ => self.retyped(&Shape::Itself, locked, &place),
        }
    }

    /// Puts the locked whole in the place where it contains itself: today's type may say once more what it looks like
    /// before it contains itself. That comes once or twice on the way to one place, and each time costs the whole.
    const fn unfold_locked(&mut self, now: &Shape, mut place: Place<'_>) {
        match place.locked_whole {
            Some(whole) if place.unfolds >= UNFOLDS / 2 && !without("unfolded_types") => {
                place.unfolds -= UNFOLDS / 2;
                self.compare(now, whole, place);
            }
            _ => self.retyped(now, &Shape::Itself, &place),
        }
    }

    /// Constants cannot tell what is behind a cut; of shapes whose cuts were unfolded it is known what comes again.
    const fn cuts(&mut self, now: &CutTarget, locked: &CutTarget, place: &Place<'_>) {
        match (now.steps(), locked.steps()) {
            (Some(now), Some(locked)) if now != locked => {
                self.loses(place);
                self.message.add("locked as `cut back ");
                self.message.number(locked);
                self.message.add("`, now `cut back ");
                self.message.number(now);
                self.message.add("`, which is another type");
            }
            _ if locked.is_unsaid() && !now.is_unsaid() => self.additive(),
            _ => {}
        }
    }

    const fn leaf(&mut self, now: &Shape, locked: &Shape, place: Place<'_>) {
        match (now, locked) {
            (Shape::Null, Shape::Null)
            | (Shape::Bool, Shape::Bool)
            | (Shape::Char, Shape::Char)
            | (Shape::String, Shape::String)
            | (Shape::Float(Float::F32), Shape::Float(Float::F32))
            | (Shape::Float(Float::F64), Shape::Float(Float::F64)) => {}
            (Shape::Text(now), Shape::Text(locked)) if same(now, locked) => {}
            (Shape::Text(now), Shape::Text(locked)) if formats::reads(now, locked) => self.additive(),
            (Shape::Text(now_format), Shape::Text(locked_format)) => {
                self.retyped(now, locked, &place);
                self.message.add(formats::loss(now_format, locked_format));
            }
            (Shape::String, Shape::Char | Shape::Text(_)) | (Shape::Float(Float::F64), Shape::Float(Float::F32)) => {
                self.additive();
            }
            (Shape::String, Shape::Enum { tagging: Tagging::External, variants }) if are_names(variants) => {
                self.additive();
            }
            (Shape::Integer(now), Shape::Integer(locked)) | (Shape::NonZero(now), Shape::NonZero(locked))
                if holds(*now, *locked) =>
            {
                if !holds(*locked, *now) {
                    self.additive();
                }
            }
            (Shape::Integer(now), Shape::NonZero(locked)) if holds(*now, *locked) => self.additive(),
            _ => self.retyped(now, locked, &place),
        }
    }

    /// Keys are text on the wire, so a string is any of them.
    const fn keys(&mut self, now: &Shape, locked: &Shape, place: Place<'_>) {
        match (plain(now), plain(locked)) {
            (Shape::String, Shape::String) => {}
            (Shape::String, _) => self.additive(),
            (now, locked) => self.compare(now, locked, place),
        }
    }
}

/// Whether the variants are plain names on the wire.
const fn are_names(variants: &[Variant]) -> bool {
    let mut i = 0;
    while i < variants.len() {
        if !matches!(variants[i].shape, Shape::Null) {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether each number of one type is one of the other.
const fn holds(wide: Integer, narrow: Integer) -> bool {
    let (wide_negative, wide_bits) = limits(wide);
    let (narrow_negative, narrow_bits) = limits(narrow);
    wide_bits >= narrow_bits && (wide_negative || !narrow_negative)
}

/// Whether there are negative numbers, and how many bits the positive ones have.
const fn limits(integer: Integer) -> (bool, u32) {
    match integer {
        Integer::I8 => (true, 7),
        Integer::I16 => (true, 15),
        Integer::I32 => (true, 31),
        Integer::I64 => (true, 63),
        Integer::U8 => (false, 8),
        Integer::U16 => (false, 16),
        Integer::U32 => (false, 32),
        Integer::U64 => (false, 64),
    }
}
