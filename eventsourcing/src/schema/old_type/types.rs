//! Types in the places where they are used, and the questions that decide how they are written.

use super::{
    origin::owner,
    writer::{Pass, Place, Use, Writer},
};
use crate::schema::{
    compare::fields::plain,
    shape::{Field, Shape, Variant},
};

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

/// The type of a shape without parts. A text in a format that no type known here has is a `String`, which reads them all.
const fn leaf_name(shape: &Shape) -> &'static str {
    match shape {
        Shape::Null => "()",
        Shape::Bool => "bool",
        Shape::Integer(integer) => integer.word(),
        Shape::NonZero(integer) => integer.nonzero(),
        Shape::Float(float) => float.word(),
        Shape::Char => "char",
        Shape::Any => "serde_json::Value",
        Shape::Text(format) => format_name(format),
        _ => "String",
    }
}

/// The type whose texts are in this format. It is of a crate that whoever has the format locked uses.
const fn format_name(format: &str) -> &'static str {
    match format.as_bytes() {
        b"uuid" => "uuid::Uuid",
        b"ulid" => "ulid::Ulid",
        b"uri" => "url::Url",
        b"semver" => "semver::Version",
        b"semver-range" => "semver::VersionReq",
        b"decimal" => "rust_decimal::Decimal",
        b"ip" => "std::net::IpAddr",
        b"ipv4" => "std::net::Ipv4Addr",
        b"ipv6" => "std::net::Ipv6Addr",
        b"socket-address" => "std::net::SocketAddr",
        b"socket-address-v4" => "std::net::SocketAddrV4",
        b"socket-address-v6" => "std::net::SocketAddrV6",
        b"instant" => "chrono::DateTime<chrono::Utc>",
        b"offset-date-time" => "chrono::DateTime<chrono::FixedOffset>",
        b"naive-date" => "chrono::NaiveDate",
        b"naive-time" => "chrono::NaiveTime",
        b"naive-date-time" => "chrono::NaiveDateTime",
        b"timestamp" => "jiff::Timestamp",
        b"zoned-date-time" => "jiff::ZonedDateTime",
        b"civil-date" => "jiff::civil::Date",
        b"civil-time" => "jiff::civil::Time",
        b"civil-date-time" => "jiff::civil::DateTime",
        b"duration" => "jiff::Span",
        b"time-duration" => "jiff::SignedDuration",
        _ => "String",
    }
}

/// The type of a shape that is a leaf.
pub(super) const fn leaf(shape: &Shape) -> Option<&'static str> {
    let shape = plain(shape);
    if is_leaf(shape) { Some(leaf_name(shape)) } else { None }
}

const fn is_leaf(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::Null
            | Shape::Bool
            | Shape::Integer(_)
            | Shape::NonZero(_)
            | Shape::Float(_)
            | Shape::Char
            | Shape::String
            | Shape::Text(_)
            | Shape::Any
    )
}

/// Whether the shape can only be that of a type with a name.
pub(super) const fn needs_item(shape: &Shape) -> bool {
    match shape {
        Shape::Stated(inner, _) => needs_item(inner),
        Shape::Format(format, inner) => format.is_empty() && needs_item(inner),
        Shape::Struct { .. } | Shape::Enum { .. } | Shape::Recursive(_) => true,
        Shape::Tuple(shapes) => shapes.is_empty() || shapes.len() > 16,
        _ => false,
    }
}

/// Whether the type that is written for it has a hash.
const fn is_hashed(shape: &Shape) -> bool {
    is_leaf(plain(shape)) && !matches!(plain(shape), Shape::Float(_))
}

/// Whether there is a set in it that is written as a list.
pub(super) const fn has_listed_set(shape: &Shape) -> bool {
    match shape {
        Shape::Set(inner) => !is_hashed(inner),
        Shape::Stated(inner, _)
        | Shape::Format(_, inner)
        | Shape::Option(inner)
        | Shape::List(inner)
        | Shape::Array(inner, _) => has_listed_set(inner),
        Shape::Map { value, .. } | Shape::Ordered(Shape::Map { value, .. }) => has_listed_set(value),
        Shape::Tuple(shapes) if !needs_item(shape) => {
            let mut i = 0;
            while i < shapes.len() {
                if has_listed_set(&shapes[i]) {
                    return true;
                }
                i += 1;
            }
            false
        }
        _ => false,
    }
}

/// Whether there is a cut in the type of one field.
pub(super) const fn has_cut(shape: &Shape) -> bool {
    match shape {
        Shape::Cut(_) => true,
        Shape::Stated(inner, _)
        | Shape::Ordered(inner)
        | Shape::Format(_, inner)
        | Shape::Option(inner)
        | Shape::List(inner)
        | Shape::Set(inner)
        | Shape::Array(inner, _) => has_cut(inner),
        Shape::Map { key, value } => has_cut(key) || has_cut(value),
        Shape::Tuple(shapes) => {
            let mut i = 0;
            while i < shapes.len() {
                if has_cut(&shapes[i]) {
                    return true;
                }
                i += 1;
            }
            false
        }
        _ => false,
    }
}

/// Whether the type that is written for it is `Default`.
pub(super) const fn has_default(shape: &Shape) -> bool {
    match shape {
        Shape::Stated(inner, _) => has_default(inner),
        Shape::Array(inner, length) => *length <= 32 && has_default(inner),
        Shape::Text(_) => !matches!(leaf_name(shape).as_bytes(), [b's', b't' | b'e', ..] | [b'u', b'r', ..]),
        Shape::Null
        | Shape::Bool
        | Shape::Integer(_)
        | Shape::Float(_)
        | Shape::Char
        | Shape::String
        | Shape::Any
        | Shape::List(_)
        | Shape::Set(_)
        | Shape::Map { .. }
        | Shape::Ordered(_) => true,
        Shape::Format(format, _) => matches!(format.as_bytes(), b"heap" | b"duration"),
        _ => false,
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

/// Whether nothing in the shape is told only by what is around it; `inside` a type that contains itself.
pub(super) const fn stands_alone(shape: &Shape, inside: bool) -> bool {
    match shape {
        Shape::Cut(_) => false,
        Shape::Itself => inside,
        Shape::Recursive(inner) => stands_alone(inner, true),
        Shape::Stated(inner, _)
        | Shape::Ordered(inner)
        | Shape::Format(_, inner)
        | Shape::Option(inner)
        | Shape::List(inner)
        | Shape::Set(inner)
        | Shape::Array(inner, _) => stands_alone(inner, inside),
        Shape::Map { key, value } => stands_alone(key, inside) && stands_alone(value, inside),
        Shape::Tuple(shapes) => all_stand_alone(shapes, inside),
        Shape::Struct { fields, .. } => all_fields(fields, inside),
        Shape::Enum { variants, .. } => all_variants(variants, inside),
        _ => true,
    }
}

const fn all_stand_alone(shapes: &[Shape], inside: bool) -> bool {
    match shapes {
        [first, rest @ ..] => stands_alone(first, inside) && all_stand_alone(rest, inside),
        [] => true,
    }
}

const fn all_fields(fields: &[Field], inside: bool) -> bool {
    match fields {
        [first, rest @ ..] => stands_alone(&first.shape, inside) && all_fields(rest, inside),
        [] => true,
    }
}

const fn all_variants(variants: &[Variant], inside: bool) -> bool {
    match variants {
        [first, rest @ ..] => stands_alone(&first.shape, inside) && all_variants(rest, inside),
        [] => true,
    }
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
