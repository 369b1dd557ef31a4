//! Untagged enums: whether a variant is always mistaken for an earlier one, told from shapes alone.
//!
//! serde reads the first variant that fits, and takes whole numbers for floats and objects with unknown keys for structs.
//! So a variant may be written that is never read again: `Amount::Cents(7)` comes back as `Amount::Euros(7.0)`.

use crate::{
    mutants::without,
    schema::{
        compare,
        shape::{Field, Shape, Tagging, Variant},
    },
};

/// The earlier variant of an untagged enum as which this one is read, whatever its value is. One that is not written has
/// no values.
pub const fn mistaken_for(variants: &'static [Variant], index: usize) -> Option<&'static str> {
    let variant = &variants[index];
    let mut i = 0;
    while i < index && !variant.read_only && !without("mistaken_variants") {
        if variants[i].shape.reads_all(&variant.shape) {
            return Some(variants[i].name);
        }
        i += 1;
    }
    None
}

impl Shape {
    /// Whether every value of the shape `written` is read as this one, be it with a loss; `false` in doubt.
    const fn reads_all(&self, written: &Self) -> bool {
        match (self, written) {
            (Self::Stated(inner, _) | Self::Ordered(inner), _) => inner.reads_all(written),
            (_, Self::Stated(inner, _) | Self::Ordered(inner)) => self.reads_all(inner),
            (Self::Format(..), _) => compare::is_readable(self, written),
            (_, Self::Format(_, inner)) => self.reads_all(inner),
            (Self::Any, _)
            | (Self::Option(_), Self::Null)
            | (Self::Float(_), Self::Float(_) | Self::Integer(_) | Self::NonZero(_)) => true,
            (_, Self::Enum { tagging: Tagging::Untagged, variants }) => self.reads_all_of_each(variants),
            (Self::Enum { tagging: Tagging::Untagged, variants }, _) => one_reads_all(variants, written),
            (_, Self::Option(inner)) => self.reads_all(&Self::Null) && self.reads_all(inner),
            (Self::Recursive(_), Self::Recursive(_)) | (Self::Enum { .. }, Self::Enum { .. }) => {
                compare::is_readable(self, written)
            }
            (Self::Option(inner) | Self::Recursive(inner), _) => inner.reads_all(written),
            (
                Self::List(inner) | Self::Set(inner),
                Self::List(element) | Self::Set(element) | Self::Array(element, _),
            ) => inner.reads_all(element),
            (Self::List(inner) | Self::Set(inner), Self::Tuple(elements)) => inner.reads_all_elements(elements),
            (Self::Array(inner, length), Self::Array(element, count)) => *length == *count && inner.reads_all(element),
            (Self::Array(inner, length), Self::Tuple(elements)) => {
                *length == elements.len() && inner.reads_all_elements(elements)
            }
            (Self::Tuple(shapes), Self::Tuple(elements)) => all_read(shapes, elements),
            (Self::Struct { fields: [], closed: false }, _) => written.is_object(),
            (Self::Struct { fields, closed }, Self::Struct { fields: written, .. }) => {
                fields_read(fields, *closed, written)
            }
            (Self::Struct { fields, closed: false }, Self::Enum { .. }) if written.is_object() => {
                !written.reads_all_keys() && all_absent(fields, written)
            }
            (Self::Map { key, value }, Self::Struct { fields, .. }) => {
                matches!(key, Self::String) && value.reads_all_fields(fields)
            }
            (Self::Map { key, value }, Self::Map { key: written_key, value: written }) => {
                (matches!(key, Self::String) || compare::is_readable(key, written_key)) && value.reads_all(written)
            }
            (Self::Cut(_) | Self::Itself, _) | (_, Self::Cut(_) | Self::Itself) => false,
            _ => compare::is_readable(self, written),
        }
    }

    /// Whether every value is an object.
    const fn is_object(&self) -> bool {
        match self {
            Self::Struct { .. } | Self::Map { .. } => true,
            Self::Enum { tagging, .. } => matches!(tagging, Tagging::Internal { .. } | Tagging::Adjacent { .. }),
            Self::Recursive(inner) | Self::Ordered(inner) | Self::Format(_, inner) => inner.is_object(),
            _ => false,
        }
    }

    const fn reads_all_of_each(&self, variants: &[Variant]) -> bool {
        let mut i = 0;
        while i < variants.len() {
            if !self.reads_all(&variants[i].shape) {
                return false;
            }
            i += 1;
        }
        true
    }

    const fn reads_all_elements(&self, elements: &[Self]) -> bool {
        let mut i = 0;
        while i < elements.len() {
            if !self.reads_all(&elements[i]) {
                return false;
            }
            i += 1;
        }
        true
    }

    const fn reads_all_fields(&self, fields: &[Field]) -> bool {
        let mut i = 0;
        while i < fields.len() {
            if fields[i].flatten || !self.reads_all(&fields[i].shape) {
                return false;
            }
            i += 1;
        }
        true
    }
}

const fn one_reads_all(variants: &[Variant], written: &Shape) -> bool {
    let mut i = 0;
    while i < variants.len() {
        if variants[i].shape.reads_all(written) {
            return true;
        }
        i += 1;
    }
    false
}

const fn all_read(shapes: &[Shape], written: &[Shape]) -> bool {
    if shapes.len() != written.len() {
        return false;
    }
    let mut i = 0;
    while i < shapes.len() {
        if !shapes[i].reads_all(&written[i]) {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether an object of the fields `written` is always read as one of `fields`. What is flattened has keys that are not
/// all known, so that is in doubt.
const fn fields_read(fields: &[Field], closed: bool, written: &[Field]) -> bool {
    let mut i = 0;
    while i < fields.len() {
        if fields[i].flatten || !field_read(&fields[i], written) {
            return false;
        }
        i += 1;
    }
    i = 0;
    while i < written.len() {
        if written[i].flatten || (closed && !written[i].read_only && compare::reader(fields, written[i].name).is_none())
        {
            return false;
        }
        i += 1;
    }
    true
}

/// Whether these fields may all be absent, as they are from each value of the shape `written`.
const fn all_absent(fields: &[Field], written: &Shape) -> bool {
    let mut i = 0;
    while i < fields.len() {
        let Field { name, aliases, optional, flatten, .. } = &fields[i];
        if !*optional || *flatten || written.has_key(name) {
            return false;
        }
        let mut j = 0;
        while j < aliases.len() {
            if written.has_key(aliases[j]) {
                return false;
            }
            j += 1;
        }
        i += 1;
    }
    true
}

const fn field_read(field: &Field, written: &[Field]) -> bool {
    let mut found = false;
    let mut i = 0;
    while i < written.len() {
        let Field { name, shape, optional, read_only, .. } = &written[i];
        if !*read_only && compare::is_named(field.name, field.aliases, name) {
            // A key that comes twice is an error.
            if found || (*optional && !field.optional) || !field.shape.reads_all(shape) {
                return false;
            }
            found = true;
        }
        i += 1;
    }
    found || field.optional
}
