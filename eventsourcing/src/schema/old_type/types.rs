//! Types in the places where they are used.

use super::{
    leaves::{is_leaf, leaf_name},
    origin::owner,
    questions::{is_hashed, needs_item, stands_alone},
    writer::{Pass, Place, Use, Writer},
};
use crate::schema::{compare::fields::plain, shape::Shape};

impl Writer {
    /// The type of this shape, or the items that it needs; `now` is what stands in its place today.
    pub(super) const fn ty(&mut self, pass: Pass, shape: &Shape, now: Option<&Shape>, place: &Place<'_>) {
        match shape {
            Shape::Stated(inner, _) => self.ty(pass, inner, now, place),
            Shape::Format(format, inner) => self.in_format(pass, format, inner, place),
            Shape::Ordered(Shape::Set(inner)) => self.elements(pass, "indexmap::IndexSet<", inner, None, place, ">"),
            Shape::Ordered(Shape::Map { key, value }) => {
                self.map(pass, "indexmap::IndexMap<", (key, value), None, place);
            }
            Shape::Option(inner) => self.around(pass, "Option<", inner, unwrapped(now), place, ">"),
            Shape::Set(inner) if self.sets || is_hashed(inner) => {
                self.elements(pass, "std::collections::HashSet<", inner, unwrapped(now), place, ">");
            }
            Shape::List(inner) | Shape::Set(inner) => self.elements(pass, "Vec<", inner, unwrapped(now), place, ">"),
            Shape::Array(inner, length) => {
                self.around(pass, "[", inner, unwrapped(now), place, "; ");
                if let Pass::Type = pass {
                    self.text.number(*length);
                    self.add("]");
                }
            }
            Shape::Tuple(shapes) if !needs_item(shape) => self.tuple(pass, shapes, now, place),
            Shape::Map { key, value } => {
                self.map(pass, "std::collections::HashMap<", (key, value), now, place);
            }
            Shape::Itself => {
                if let (Some(whole), Pass::Type) = (place.whole, pass) {
                    self.boxed(whole);
                }
            }
            Shape::Cut(beyond) => match (beyond.shape(), beyond.steps()) {
                (Some(shape), _) => self.target(pass, shape, place),
                (None, Some(steps)) => match (place.back(steps), pass) {
                    (Some(around), Pass::Type) => self.boxed(&around),
                    (None, Pass::Type) => self.add("serde_json::Value"),
                    _ => {}
                },
                (None, None) if matches!(pass, Pass::Type) => self.add("serde_json::Value"),
                (None, None) => {}
            },
            Shape::Struct { .. } | Shape::Enum { .. } | Shape::Recursive(_) | Shape::Tuple(_) => {
                self.named(pass, shape, now, place, Use::Value);
            }
            leaf => {
                if let Pass::Type = pass {
                    self.add(leaf_name(leaf));
                }
            }
        }
    }

    const fn around(
        &mut self,
        pass: Pass,
        before: &str,
        inner: &Shape,
        now: Option<&Shape>,
        place: &Place<'_>,
        after: &str,
    ) {
        if let Pass::Type = pass {
            self.add(before);
        }
        self.ty(pass, inner, now, place);
        if let Pass::Type = pass {
            self.add(after);
        }
    }

    /// As [`around`](Self::around), and a type that contains itself needs no box inside.
    const fn elements(
        &mut self,
        pass: Pass,
        before: &str,
        inner: &Shape,
        now: Option<&Shape>,
        place: &Place<'_>,
        after: &str,
    ) {
        match (inner, place.whole, pass) {
            (Shape::Itself, Some(whole), Pass::Type) => {
                self.add(before);
                whole.write(&mut self.text);
                self.add(after);
            }
            _ => self.around(pass, before, inner, now, place, after),
        }
    }

    const fn boxed(&mut self, place: &Place<'_>) {
        self.add("Box<");
        place.write(&mut self.text);
        self.add(">");
    }

    const fn tuple(&mut self, pass: Pass, shapes: &[Shape], now: Option<&Shape>, place: &Place<'_>) {
        if let Pass::Type = pass {
            self.add("(");
        }
        let mut i = 0;
        while i < shapes.len() {
            self.ty(pass, &shapes[i], element(now, i), &place.then("", i));
            if let Pass::Type = pass {
                self.add(if i + 1 < shapes.len() {
                    ", "
                } else if i == 0 {
                    ","
                } else {
                    ""
                });
            }
            i += 1;
        }
        if let Pass::Type = pass {
            self.add(")");
        }
    }

    /// A type of the standard library whose values are fewer than those of what it is made of.
    const fn in_format(&mut self, pass: Pass, format: &str, inner: &Shape, place: &Place<'_>) {
        let whole = match format.as_bytes() {
            b"duration" => "std::time::Duration",
            b"system-time" => "std::time::SystemTime",
            _ => "",
        };
        let around = match format.as_bytes() {
            b"heap" => "std::collections::BinaryHeap<",
            b"range" => "std::ops::Range<",
            b"range-inclusive" => "std::ops::RangeInclusive<",
            b"range-from" => "std::ops::RangeFrom<",
            b"range-to" => "std::ops::RangeTo<",
            _ => "",
        };
        match (inner, pass) {
            (_, Pass::Type) if !whole.is_empty() => self.add(whole),
            (_, Pass::Items) if !whole.is_empty() => {}
            (Shape::List(part), _) if !around.is_empty() => self.elements(pass, around, part, None, place, ">"),
            (Shape::Struct { fields: [end, ..], .. }, _) if !around.is_empty() => {
                self.around(pass, around, &end.shape, None, place, ">");
            }
            _ => self.ty(pass, inner, None, place),
        }
    }

    const fn map(
        &mut self,
        pass: Pass,
        before: &str,
        (key, value): (&Shape, &Shape),
        now: Option<&Shape>,
        place: &Place<'_>,
    ) {
        let (now_key, now_value) = match now {
            Some(Shape::Map { key, value }) => (Some(*key), Some(*value)),
            _ => (None, None),
        };
        if let Pass::Type = pass {
            self.add(before);
        }
        let key_place = place.then("key", 0);
        match plain(key) {
            key if needs_item(key) => self.named(pass, key, now_key, &key_place, Use::Key),
            key => self.ty(pass, key, now_key, &key_place),
        }
        self.elements(pass, ", ", value, now_value, place, ">");
    }

    /// The name of a struct or an enum, or itself: today's when that has not changed.
    const fn named(&mut self, pass: Pass, shape: &Shape, now: Option<&Shape>, place: &Place<'_>, what: Use) {
        match (unchanged(shape, now), pass) {
            (Some(name), Pass::Type) => self.add(name),
            (Some(_), Pass::Items) => {}
            (None, Pass::Type) => place.write(&mut self.text),
            (None, Pass::Items) => self.item(shape, now, place, what),
        }
    }

    /// What a cut leads to. It has a name of its own unless it is a leaf, so that another cut can lead back to it.
    const fn target(&mut self, pass: Pass, shape: &Shape, place: &Place<'_>) {
        match (plain(shape), pass) {
            (shape, Pass::Type) if is_leaf(shape) => self.add(leaf_name(shape)),
            (_, Pass::Type) => place.write(&mut self.text),
            (shape, Pass::Items) if is_leaf(shape) => {}
            (shape, Pass::Items) => self.item(shape, None, &Place { is_around: true, ..*place }, Use::Value),
        }
    }
}

/// Today's name of this struct or enum, when the type is what it was, and that can be told: not where it leads back to
/// a type around it, or to what constants do not see.
const fn unchanged(shape: &Shape, now: Option<&Shape>) -> Option<&'static str> {
    let Some(now) = now else { return None };
    let name = owner(now);
    let is_plain_name = !name.is_empty() && !matches!(name.as_bytes(), [.., b'>']);
    let is_same = is_plain_name && now.fingerprint() == shape.fingerprint() && stands_alone(shape, false);
    if is_same { Some(name) } else { None }
}

/// What is in today's option, list, set or array; another type stands for itself.
const fn unwrapped(now: Option<&Shape>) -> Option<&Shape> {
    match now {
        Some(Shape::Stated(inner, _)) => unwrapped(Some(inner)),
        Some(Shape::Option(inner) | Shape::List(inner) | Shape::Set(inner) | Shape::Array(inner, _)) => Some(inner),
        now => now,
    }
}

pub(super) const fn element(now: Option<&Shape>, at: usize) -> Option<&Shape> {
    match now {
        Some(Shape::Tuple(shapes)) if at < shapes.len() => Some(&shapes[at]),
        _ => None,
    }
}
