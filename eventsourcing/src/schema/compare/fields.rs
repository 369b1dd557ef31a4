//! The fields of a struct as they stand on the wire: those of flattened structs among them.

use crate::schema::{Field, Shape, Tagging, Variant};

/// The field that reads this key, if one does.
pub(super) const fn reader<'a>(fields: &'a [Field], key: &str) -> Option<&'a Field> {
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

/// How many fields have one of the names of `of` as their own name.
pub(super) const fn named_by(fields: &[Field], of: &Field) -> usize {
    let mut count = 0;
    let mut i = 0;
    while i < fields.len() {
        if let Some(inner) = inlined(&fields[i]) {
            count += named_by(inner, of);
        } else if !fields[i].flatten && is_named(of.name, of.aliases, fields[i].name) {
            count += 1;
        }
        i += 1;
    }
    count
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
        Shape::Struct { fields, .. } if field.flatten => Some(fields),
        _ => None,
    }
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

/// Whether a flattened map, enum or option among the fields may have one of the names of `of` as a key of its own.
pub(super) const fn may_be_merged(fields: &[Field], of: &Field) -> bool {
    let mut n = 0;
    while let Some(field) = merged(fields, n) {
        if may_hold(&field.shape, of.name) {
            return true;
        }
        let mut i = 0;
        while i < of.aliases.len() {
            if may_hold(&field.shape, of.aliases[i]) {
                return true;
            }
            i += 1;
        }
        n += 1;
    }
    false
}

/// Whether a flattened value of this shape may have this key.
const fn may_hold(shape: &Shape, key: &str) -> bool {
    match shape {
        Shape::Null => false,
        Shape::Option(inner) | Shape::Stated(inner) => may_hold(inner, key),
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
        Shape::Stated(inner) => plain(inner),
        other => other,
    }
}

pub(super) const fn is_named(name: &str, aliases: &[&str], given: &str) -> bool {
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

/// Whether two texts are equal. Names of one type begin alike, so the difference is met sooner from the end.
pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = a.len();
    while i > 0 {
        i -= 1;
        if a[i] != b[i] {
            return false;
        }
    }
    true
}
