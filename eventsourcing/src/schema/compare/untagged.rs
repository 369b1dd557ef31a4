//! Untagged enums: serde reads the first variant that fits, so a variant may read more than it did only where what is
//! stored of the later ones is nothing that it reads.

use super::{
    Place, Verdict, Walk, compatibility,
    fields::{may_be_merged, plain, reader},
};
use crate::{
    mutants::without,
    schema::shape::{Field, Integer, Shape, Tagging, Variant},
};

impl Walk<'_> {
    pub(super) const fn untagged(&mut self, now: &[Variant], locked: &[Variant], place: Place<'_>) {
        let mut readable = now.len() == locked.len();
        let mut i = 0;
        while readable && i < now.len() {
            match verdict(&now[i].shape, &locked[i].shape, &place) {
                Verdict::Same => {}
                Verdict::Additive => {
                    self.additive();
                    readable = without("untagged_apart") || takes_nothing(&now[i].shape, locked.split_at(i).1);
                }
                Verdict::Breaking => readable = false,
            }
            i += 1;
        }
        if !readable {
            self.loses(&place);
            self.message.add("an untagged enum reads the first variant that fits, so with other variants stored events may be misread; keep it as it is, or give the enum a tag in a new version");
        }
    }
}

/// What became of one variant. Where only one of two enclosing types contains itself, equal words say different things.
const fn verdict(now: &Shape, locked: &Shape, place: &Place<'_>) -> Verdict {
    let is_clear = place.in_step || (place.now_whole.is_none() && place.locked_whole.is_none());
    if is_clear && now.fingerprint() == locked.fingerprint() { Verdict::Same } else { compatibility(now, locked) }
}

/// Whether `now` reads nothing that is stored of the variants after the first of these, which is its own.
const fn takes_nothing(now: &Shape, locked: &[Variant]) -> bool {
    let mut i = 1;
    while i < locked.len() {
        if !excludes(now, &locked[i].shape) {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether no value that is written in the shape `written` is read as `reads`; `false` in doubt.
const fn excludes(reads: &Shape, written: &Shape) -> bool {
    if kinds_read(reads) & kinds_written(written) == 0 {
        return true;
    }
    match (reads, plain(written)) {
        (Shape::Struct { fields: reads, .. }, Shape::Struct { fields: written, .. }) => {
            let mut i = 0;
            while i < reads.len() {
                if lacks(&reads[i], written) {
                    return true;
                }
                i += 1;
            }
            false
        }
        _ => false,
    }
}

/// Whether this field must be there, and no object of the fields `written` has it with a value that it reads.
const fn lacks(field: &Field, written: &[Field]) -> bool {
    if field.optional || field.flatten || !lacks_name(field, field.name, written) {
        return false;
    }
    let mut i = 0;
    while i < field.aliases.len() {
        if !lacks_name(field, field.aliases[i], written) {
            return false;
        }
        i += 1;
    }
    true
}

const fn lacks_name(field: &Field, name: &str, written: &[Field]) -> bool {
    if let Some(writes) = reader(written, name) {
        return excludes(&field.shape, &writes.shape);
    }
    !may_be_merged(written, name)
}

const NULL: u8 = 1;
const BOOL: u8 = 2;
const NUMBER: u8 = 4;
const STRING: u8 = 8;
const LIST: u8 = 16;
const OBJECT: u8 = 32;
const ANY: u8 = NULL | BOOL | NUMBER | STRING | LIST | OBJECT;

/// The kinds of JSON that are written of a shape.
const fn kinds_written(shape: &Shape) -> u8 {
    match shape {
        Shape::Null => NULL,
        Shape::Bool => BOOL,
        Shape::Integer(_) | Shape::NonZero(_) | Shape::Float(_) => NUMBER,
        Shape::Char | Shape::String | Shape::Text(_) => STRING,
        Shape::List(_) | Shape::Set(_) | Shape::Array(..) | Shape::Tuple(_) => LIST,
        Shape::Map { .. }
        | Shape::Struct { .. }
        | Shape::Enum { tagging: Tagging::Internal { .. } | Tagging::Adjacent { .. }, .. } => OBJECT,
        Shape::Option(inner) => NULL | kinds_written(inner),
        Shape::Recursive(inner) | Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner) => {
            kinds_written(inner)
        }
        Shape::Enum { tagging: Tagging::External, .. } => STRING | OBJECT,
        Shape::Enum { tagging: Tagging::Untagged, variants } => {
            let (mut kinds, mut i) = (0, 0);
            while i < variants.len() {
                kinds |= kinds_written(&variants[i].shape);
                i += 1;
            }
            kinds
        }
        Shape::Any | Shape::Cut(_) | Shape::Itself => ANY,
    }
}

/// The kinds of JSON that may be read as a shape: serde reads structs from lists too, and nothing from empty objects. Of
/// types of other crates, bytes are read from text and decimal text from numbers.
const fn kinds_read(shape: &Shape) -> u8 {
    match shape {
        Shape::Null => NULL | OBJECT,
        Shape::Text(_) => STRING | NUMBER,
        Shape::List(Shape::Integer(Integer::U8)) => LIST | STRING,
        Shape::Struct { .. } | Shape::Enum { tagging: Tagging::Internal { .. } | Tagging::Adjacent { .. }, .. } => {
            OBJECT | LIST
        }
        Shape::Option(inner) => NULL | kinds_read(inner),
        Shape::Recursive(inner) | Shape::Ordered(inner) | Shape::Format(_, inner) => kinds_read(inner),
        Shape::Enum { tagging: Tagging::Untagged, variants } => {
            let (mut kinds, mut i) = (0, 0);
            while i < variants.len() {
                kinds |= kinds_read(&variants[i].shape);
                i += 1;
            }
            kinds
        }
        // What is behind a stated shape reads what it likes.
        Shape::Stated(..) => ANY,
        other => kinds_written(other),
    }
}
