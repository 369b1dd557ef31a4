//! The fields of a struct as they stand on the wire: those of flattened structs among them.

use crate::schema::shape::{Field, Shape, Tagging, Variant};
use crate::vocabulary::same;

/// The field that reads this key, if one does.
pub(crate) const fn reader<'a>(fields: &'a [Field], key: &str) -> Option<&'a Field> {
    let mut i = 0;
    while i < fields.len() {
        if !fields[i].flatten && is_named(fields[i].name, fields[i].aliases, key) {
            return Some(&fields[i]);
        }
        i += 1;
    }
    i = 0;
    while i < fields.len() {
        if let Some(inner) = inlined(&fields[i])
            && let Some(found) = reader(inner, key)
        {
            return Some(found);
        }
        i += 1;
    }
    None
}

/// The first field whose own name is one of the names of `of`, and is not `but`.
pub(super) const fn first_read<'a>(fields: &'a [Field], of: &Field, but: Option<&str>) -> Option<&'a Field> {
    let mut i = 0;
    while i < fields.len() {
        let field = &fields[i];
        let is_another = match but {
            Some(but) => !same(field.name, but),
            None => true,
        };
        if let Some(inner) = inlined(field) {
            let found = first_read(inner, of, but);
            if found.is_some() {
                return found;
            }
        } else if !field.flatten && is_another && is_named(of.name, of.aliases, field.name) {
            return Some(field);
        }
        i += 1;
    }
    None
}

/// Whether one of the fields has a name or an alias in common with `of`.
pub(super) const fn shares_name(fields: &[Field], of: &Field) -> bool {
    if reader(fields, of.name).is_some() {
        return true;
    }
    let mut i = 0;
    while i < of.aliases.len() {
        if reader(fields, of.aliases[i]).is_some() {
            return true;
        }
        i += 1;
    }
    false
}

/// The fields that stand in place of this one, when it is a flattened struct.
pub(super) const fn inlined(field: &Field) -> Option<&'static [Field]> {
    match plain(&field.shape) {
        Shape::Struct { fields, .. } | Shape::Format(_, Shape::Struct { fields, .. }) if field.flatten => Some(fields),
        _ => None,
    }
}

/// The format of the flattened struct that has this key, when it is in one.
pub(super) const fn format_around<'a>(fields: &'a [Field], key: &str) -> Option<&'a str> {
    let mut i = 0;
    while i < fields.len() {
        if let Some(inner) = inlined(&fields[i])
            && reader(inner, key).is_some()
        {
            return match plain(&fields[i].shape) {
                Shape::Format(format, _) => Some(format),
                _ => format_around(inner, key),
            };
        }
        i += 1;
    }
    None
}

/// The n-th flattened field that is no plain struct: a map, an enum, an option.
pub(super) const fn merged(fields: &[Field], n: usize) -> Option<&Field> {
    let mut left = n;
    let mut i = 0;
    while i < fields.len() {
        if let Some(inner) = inlined(&fields[i]) {
            let inside = count_merged(inner);
            if left < inside {
                return merged(inner, left);
            }
            left -= inside;
        } else if fields[i].flatten {
            if left == 0 {
                return Some(&fields[i]);
            }
            left -= 1;
        }
        i += 1;
    }
    None
}

/// How many flattened fields are no plain struct.
pub(super) const fn count_merged(fields: &[Field]) -> usize {
    let mut count = 0;
    let mut i = 0;
    while i < fields.len() {
        if let Some(inner) = inlined(&fields[i]) {
            count += count_merged(inner);
        } else if fields[i].flatten {
            count += 1;
        }
        i += 1;
    }
    count
}

/// Whether an object of these fields may have this key from a flattened map, enum or option. It has not where a field
/// of its own reads the key.
///
/// Each key that is new today is asked for: whatever reads it would take it from where it is stored.
pub(super) const fn may_be_merged(fields: &[Field], key: &str) -> bool {
    if reader(fields, key).is_some() {
        return false;
    }
    let mut n = 0;
    while let Some(field) = merged(fields, n) {
        if may_hold(&field.shape, key) {
            return true;
        }
        n += 1;
    }
    false
}

/// The first name of this field that may be merged among `locked`.
pub(super) const fn merged_name(locked: &[Field], of: &Field) -> Option<&'static str> {
    if may_be_merged(locked, of.name) {
        return Some(of.name);
    }
    let mut i = 0;
    while i < of.aliases.len() {
        if may_be_merged(locked, of.aliases[i]) {
            return Some(of.aliases[i]);
        }
        i += 1;
    }
    None
}

/// The first key of a flattened value of shape `now` that may be merged among `locked` and was not in `before`, which
/// is what the value was locked as.
pub(super) const fn merged_key(now: &Shape, before: Option<&Shape>, locked: &[Field]) -> Option<&'static str> {
    match now {
        Shape::Option(inner)
        | Shape::Recursive(inner)
        | Shape::Stated(inner, _)
        | Shape::Ordered(inner)
        | Shape::Format(_, inner) => merged_key(inner, before, locked),
        Shape::Struct { fields, .. } => {
            let mut i = 0;
            while i < fields.len() {
                let Field { name, aliases, shape, flatten, .. } = &fields[i];
                let found =
                    if *flatten { merged_key(shape, before, locked) } else { new_key(name, aliases, before, locked) };
                if found.is_some() {
                    return found;
                }
                i += 1;
            }
            None
        }
        Shape::Enum { tagging, variants } => {
            let outside = match tagging {
                Tagging::Internal { tag } => new_key(tag, &[], before, locked),
                Tagging::Adjacent { tag, content } => new_key(tag, &[content], before, locked),
                Tagging::External | Tagging::Untagged => None,
            };
            if outside.is_some() {
                return outside;
            }
            let mut i = 0;
            while i < variants.len() {
                let Variant { name, aliases, shape, .. } = &variants[i];
                let found = match tagging {
                    Tagging::External => new_key(name, aliases, before, locked),
                    Tagging::Internal { .. } | Tagging::Untagged => merged_key(shape, before, locked),
                    Tagging::Adjacent { .. } => None,
                };
                if found.is_some() {
                    return found;
                }
                i += 1;
            }
            None
        }
        _ => None,
    }
}

const fn new_key(
    name: &'static str,
    aliases: &[&'static str],
    before: Option<&Shape>,
    locked: &[Field],
) -> Option<&'static str> {
    let mut key = name;
    let mut i = 0;
    loop {
        let was_there = match before {
            Some(before) => may_hold(before, key),
            None => false,
        };
        if !was_there && may_be_merged(locked, key) {
            return Some(key);
        }
        if i == aliases.len() {
            return None;
        }
        key = aliases[i];
        i += 1;
    }
}

/// Whether a flattened value of this shape may have this key.
const fn may_hold(shape: &Shape, key: &str) -> bool {
    match shape {
        Shape::Null => false,
        Shape::Option(inner)
        | Shape::Recursive(inner)
        | Shape::Stated(inner, _)
        | Shape::Ordered(inner)
        | Shape::Format(_, inner) => may_hold(inner, key),
        Shape::Struct { fields, .. } => {
            let mut n = 0;
            while let Some(field) = merged(fields, n) {
                if may_hold(&field.shape, key) {
                    return true;
                }
                n += 1;
            }
            reader(fields, key).is_some()
        }
        Shape::Enum { tagging, variants } => match tagging {
            Tagging::External => variant(variants, key).is_some(),
            Tagging::Internal { tag } => same(tag, key) || any_holds(variants, key),
            Tagging::Adjacent { tag, content } => same(tag, key) || same(content, key),
            Tagging::Untagged => any_holds(variants, key),
        },
        _ => true,
    }
}

const fn any_holds(variants: &[Variant], key: &str) -> bool {
    let mut i = 0;
    while i < variants.len() {
        if may_hold(&variants[i].shape, key) {
            return true;
        }
        i += 1;
    }
    false
}

/// The variant that is read from this name, if one is.
pub(crate) const fn variant<'a>(variants: &'a [Variant], name: &str) -> Option<&'a Variant> {
    let mut i = 0;
    while i < variants.len() {
        if is_named(variants[i].name, variants[i].aliases, name) {
            return Some(&variants[i]);
        }
        i += 1;
    }
    None
}

/// The shape without what the author stated about it.
pub(crate) const fn plain(shape: &Shape) -> &Shape {
    match shape {
        Shape::Stated(inner, _) => plain(inner),
        other => other,
    }
}

pub(crate) const fn is_named(name: &str, aliases: &[&str], given: &str) -> bool {
    same(name, given) || contains(aliases, given)
}

pub(super) const fn contains(names: &[&str], name: &str) -> bool {
    let mut i = 0;
    while i < names.len() {
        if same(names[i], name) {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether it is an array on the wire.
pub(super) const fn is_sequence(shape: &Shape) -> bool {
    matches!(shape, Shape::List(_) | Shape::Set(_) | Shape::Array(..) | Shape::Tuple(_))
}
