//! Which JSON a shape reads, as serde does: enough to tell the variants of an untagged enum apart.

use serde_json::{Map, Value};

use crate::schema::{Field, Integer, Shape, Tagging, Variant};

/// What is made up as a name that a type does not know, for a variant that stands for such names.
pub(super) const UNKNOWN: &str = "a name that is not known";

/// Whether a value of this shape may be read from `value`; in doubt it may.
pub fn may_read(shape: &Shape, value: &Value) -> bool {
    Reader::default().reads(shape, value)
}

/// Whether a value of this shape is read from `value` whatever is in doubt. The code behind a stated shape is asked; what
/// else only code knows, such as which text is in a format, is in doubt.
pub(super) fn surely_reads(shape: &Shape, value: &Value) -> bool {
    Reader { is_certain: true, ..Reader::default() }.reads(shape, value)
}

/// Whether a variant that is not written any more (`skip_serializing`) may be read on the way through `value`.
pub(super) fn holds_read_only(shape: &Shape, value: &Value) -> bool {
    let mut reader = Reader::default();
    reader.reads(shape, value) && reader.met_read_only
}

/// The variant of an untagged enum as which a value is read.
pub(super) fn variant_of<'a>(variants: &'a [Variant], enclosing: &[&'a Shape], value: &Value) -> Option<&'a Variant> {
    variants
        .iter()
        .find(|variant| Reader { enclosing: enclosing.to_vec(), ..Reader::default() }.reads(&variant.shape, value))
}

#[derive(Default)]
struct Reader<'a> {
    /// What contains itself, the nearest last.
    enclosing: Vec<&'a Shape>,
    /// Whether a variant was tried that is not written any more.
    met_read_only: bool,
    /// Whether what is in doubt is not read.
    is_certain: bool,
}

impl<'a> Reader<'a> {
    fn reads(&mut self, shape: &'a Shape, value: &Value) -> bool {
        match shape {
            Shape::Null => value.is_null(),
            Shape::Bool => value.is_boolean(),
            Shape::Integer(integer) => is_within(*integer, value),
            Shape::NonZero(integer) => is_within(*integer, value) && value.as_u64() != Some(0),
            Shape::Float(_) => value.is_number(),
            Shape::Char => value.as_str().is_some_and(|text| text.chars().count() == 1),
            Shape::String => value.is_string(),
            Shape::Text(_) | Shape::Cut(_) | Shape::Format(..) if self.is_certain => false,
            Shape::Stated(_, adapter) if self.is_certain => {
                adapter.code().is_some_and(|(_, reads)| reads(&value.to_string()).is_ok())
            }
            Shape::Map { key, .. } if self.is_certain && !matches!(key, Shape::String) => false,
            Shape::Text(format) => value.as_str().is_some_and(|text| may_be(format, text)),
            Shape::Any | Shape::Cut(_) => true,
            Shape::Option(inner) => value.is_null() || self.reads(inner, value),
            Shape::List(inner) | Shape::Set(inner) => self.reads_each(inner, value, None),
            Shape::Array(inner, length) => self.reads_each(inner, value, Some(*length)),
            Shape::Tuple(shapes) => value.as_array().is_some_and(|items| {
                items.len() == shapes.len() && shapes.iter().zip(items).all(|(shape, item)| self.reads(shape, item))
            }),
            Shape::Map { value: inner, .. } => {
                value.as_object().is_some_and(|entries| entries.values().all(|value| self.reads(inner, value)))
            }
            Shape::Struct { fields, closed } => self.reads_fields(fields, *closed, value),
            Shape::Enum { tagging, variants } => self.reads_choice(tagging, variants, value),
            Shape::Recursive(inner) => {
                self.enclosing.push(inner);
                let reads = self.reads(inner, value);
                self.enclosing.pop();
                reads
            }
            Shape::Itself => match self.enclosing.last() {
                Some(inner) => self.reads(inner, value),
                None => !self.is_certain,
            },
            Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner) => self.reads(inner, value),
        }
    }

    fn reads_each(&mut self, shape: &'a Shape, value: &Value, length: Option<usize>) -> bool {
        value.as_array().is_some_and(|items| {
            length.is_none_or(|length| items.len() == length) && items.iter().all(|item| self.reads(shape, item))
        })
    }

    fn reads_fields(&mut self, fields: &'a [Field], closed: bool, value: &Value) -> bool {
        let flattens = fields.iter().any(|field| field.flatten);
        match value {
            Value::Object(entries) => self.reads_object(fields, closed, entries),
            // serde reads structs from lists as well, by place. An `Option` may not be absent there, a default may.
            Value::Array(items) => {
                let is_absent = |field: &Field| field.optional && !self.is_certain;
                let fits = items.len() <= fields.len() && fields.iter().skip(items.len()).all(is_absent);
                !flattens && fits && fields.iter().zip(items).all(|(field, item)| self.reads(&field.shape, item))
            }
            _ => false,
        }
    }

    fn reads_object(&mut self, fields: &'a [Field], closed: bool, entries: &Map<String, Value>) -> bool {
        let mut rest = entries.clone();
        self.takes_fields(fields, &mut rest) && (!closed || rest.is_empty())
    }

    /// Takes the keys of these fields out of an object, if it has what they need.
    fn takes_fields(&mut self, fields: &'a [Field], rest: &mut Map<String, Value>) -> bool {
        let mut own = fields.iter().filter(|field| !field.flatten);
        let mut merged = fields.iter().filter(|field| field.flatten);
        let takes = |field: &'a Field| {
            let found = std::iter::once(&field.name).chain(field.aliases).find_map(|name| rest.remove(*name));
            found.map_or(field.optional, |value| self.reads(&field.shape, &value))
        };
        own.all(takes) && merged.all(|field| !self.is_certain && self.takes_merged(&field.shape, rest))
    }

    /// Takes the keys of a flattened field out of those that are left.
    fn takes_merged(&mut self, shape: &'a Shape, rest: &mut Map<String, Value>) -> bool {
        match shape {
            Shape::Null | Shape::Any | Shape::Cut(_) => true,
            Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner) => self.takes_merged(inner, rest),
            // None of them is no mistake.
            Shape::Option(inner) => {
                let mut with = rest.clone();
                if self.takes_merged(inner, &mut with) {
                    *rest = with;
                }
                true
            }
            Shape::Struct { fields, .. } => self.takes_fields(fields, rest),
            Shape::Map { value, .. } => rest.values().all(|entry| self.reads(value, entry)),
            Shape::Enum { tagging: Tagging::External, variants } => {
                let Some(name) = rest.keys().find(|key| named(variants, key).is_some()).cloned() else { return false };
                let content = rest.remove(&name).unwrap_or_default();
                named(variants, &name).is_some_and(|variant| self.reads_content(variant, &content))
            }
            Shape::Enum { tagging: Tagging::Adjacent { tag, content }, .. } => {
                let own = [*tag, *content].into_iter().filter_map(|key| rest.remove_entry(key)).collect();
                self.reads(shape, &Value::Object(own))
            }
            _ => self.reads(shape, &Value::Object(rest.clone())),
        }
    }

    fn reads_choice(&mut self, tagging: &Tagging, variants: &'a [Variant], value: &Value) -> bool {
        match (tagging, value) {
            (Tagging::Untagged, _) => variants.iter().any(|variant| self.reads_content(variant, value)),
            (Tagging::External, Value::String(name)) => named(variants, name).is_some_and(|variant| {
                matches!(variant.shape, Shape::Null) && self.reads_content(variant, &Value::Null)
            }),
            (Tagging::External, Value::Object(entries)) => match entries.iter().next() {
                Some((name, content)) if entries.len() == 1 => {
                    named(variants, name).is_some_and(|variant| self.reads_content(variant, content))
                }
                _ => false,
            },
            (Tagging::Internal { tag }, Value::Object(entries)) => {
                let variant = entries.get(*tag).and_then(Value::as_str).and_then(|name| named(variants, name));
                let mut rest = entries.clone();
                rest.remove(*tag);
                variant.is_some_and(|variant| {
                    let has_none = matches!(variant.shape, Shape::Null);
                    self.reads_content(variant, &if has_none { Value::Null } else { Value::Object(rest) })
                })
            }
            (Tagging::Adjacent { tag, content }, Value::Object(entries)) => {
                let variant = entries.get(*tag).and_then(Value::as_str).and_then(|name| named(variants, name));
                let content = entries.get(*content).unwrap_or(&Value::Null);
                variant.is_some_and(|variant| self.reads_content(variant, content))
            }
            _ => false,
        }
    }

    fn reads_content(&mut self, variant: &'a Variant, content: &Value) -> bool {
        let reads = self.reads(&variant.shape, content);
        self.met_read_only |= reads && variant.read_only;
        reads
    }
}

/// The variant with this name, or the one that stands for unknown names.
pub(super) fn named<'a>(variants: &'a [Variant], name: &str) -> Option<&'a Variant> {
    let by_name = variants.iter().find(|variant| variant.name == name || variant.aliases.contains(&name));
    by_name.or_else(|| variants.iter().find(|variant| variant.other))
}

fn is_within(integer: Integer, value: &Value) -> bool {
    let number = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    let (min, max): (i128, i128) = match integer {
        Integer::I8 => (i8::MIN.into(), i8::MAX.into()),
        Integer::I16 => (i16::MIN.into(), i16::MAX.into()),
        Integer::I32 => (i32::MIN.into(), i32::MAX.into()),
        Integer::I64 => (i64::MIN.into(), i64::MAX.into()),
        Integer::U8 => (0, u8::MAX.into()),
        Integer::U16 => (0, u16::MAX.into()),
        Integer::U32 => (0, u32::MAX.into()),
        Integer::U64 => (0, u64::MAX.into()),
    };
    number.is_some_and(|number| (min..=max).contains(&number))
}

/// Whether a text may be in a format: by the characters it has.
fn may_be(format: &str, text: &str) -> bool {
    let made_of = |others: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_hexdigit() || others.contains(c));
    let digits = |others: &str| text.chars().any(|c| c.is_ascii_digit()) && made_of(others);
    match format {
        "uuid" => text.len() >= 32 && made_of("-{}urn:"),
        "ip" | "ipv6" => (text.contains('.') || text.contains(':')) && made_of(".:"),
        "ipv4" => text.contains('.') && made_of("."),
        "socket-address" | "socket-address-v4" | "socket-address-v6" => text.contains(':') && made_of(".:[]%"),
        "naive-date" | "civil-date" | "date" => text.contains('-') && digits("+-"),
        "instant" | "offset-date-time" | "timestamp" | "date-time" | "naive-date-time" | "civil-date-time"
        | "local-date-time" => text.contains('-') && text.contains(':') && digits("+-:.Ttz Z"),
        "naive-time" | "civil-time" | "local-time" => text.contains(':') && digits(":."),
        "decimal" => digits("+-._"),
        "duration" | "time-duration" => text.trim_start_matches('-').starts_with('P'),
        "zoned-date-time" => text.ends_with(']'),
        "semver" => text.splitn(3, '.').count() == 3 && text.starts_with(|c: char| c.is_ascii_digit()),
        "uri" | "url" => text.contains(':'),
        "ulid" => text.len() == 26 && text.chars().all(|c| c.is_ascii_alphanumeric()),
        "bool" => matches!(text, "true" | "false"),
        "i8" | "i16" | "i32" | "i64" | "i128" => digits("+-"),
        "u8" | "u16" | "u32" | "u64" | "u128" => digits("+"),
        "hex" | "hex-16" | "hex-20" | "hex-32" | "hex-64" => text.is_empty() || made_of(""),
        _ => true,
    }
}
