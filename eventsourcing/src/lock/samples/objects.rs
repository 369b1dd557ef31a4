//! Structs and enums: values with keys and names.

use super::{
    generator::{Generator, Level},
    json::Json,
    pairs,
};
use crate::{
    lock::accepts,
    schema::{Field, Shape, Tagging, Variant},
};

/// What may be written for one field: its entries in the object, or none.
type Entries = Vec<(String, Json)>;

impl Generator<'_> {
    pub(super) fn structs(&mut self, fields: &[Field], level: Level) -> Vec<Json> {
        let choices: Vec<Vec<Entries>> = fields.iter().map(|field| self.field(field, level)).collect();
        let counts: Vec<usize> = choices.iter().map(Vec::len).collect();
        let rows = pairs::rows(&counts, level.paired()).into_iter();
        rows.map(|row| object(fields, row.iter().zip(&choices).map(|(choice, choices)| &choices[*choice]))).collect()
    }

    fn field(&mut self, field: &Field, level: Level) -> Vec<Entries> {
        if field.flatten {
            return self.merged(&field.shape, level.inner());
        }
        let entry = |name: &str, value: &Json| vec![(name.to_owned(), value.clone())];
        let values = self.part(&field.shape, level);
        let mut choices = Vec::new();
        if field.optional {
            choices.push(Vec::new());
        }
        choices.extend(values.first().map(|value| entry(field.name, value)));
        // The second value, because the first of an `Option` is `null`.
        let telling = values.get(1).or(values.first());
        choices.extend(field.aliases.iter().zip(telling.into_iter().cycle()).map(|(alias, value)| entry(alias, value)));
        choices.extend(values.iter().skip(1).map(|value| entry(field.name, value)));
        // What `skip_serializing_if` would leave out.
        if let Some(zero) = zero(&field.shape).filter(|zero| field.optional && !values.contains(zero)) {
            choices.push(entry(field.name, &zero));
        }
        choices
    }

    /// What a flattened field adds to the object around it.
    fn merged(&mut self, shape: &Shape, level: Level) -> Vec<Entries> {
        match shape {
            Shape::Null => vec![Vec::new()],
            Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner) => self.merged(inner, level),
            Shape::Option(inner) => {
                let mut choices = vec![Vec::new()];
                choices.extend(self.merged(inner, level));
                choices
            }
            // Here serde writes variants without content as keys too.
            Shape::Enum { tagging: Tagging::External, variants } => {
                let choices = self.external(variants, level).into_iter();
                choices
                    .filter_map(|choice| match choice {
                        Json::Object(entries) => Some(entries),
                        Json::Text(name) => Some(vec![(name, Json::Null)]),
                        _ => None,
                    })
                    .collect()
            }
            _ => self.values(shape, level).into_iter().filter_map(entries).collect(),
        }
    }

    pub(super) fn choices(&mut self, tagging: &Tagging, variants: &[Variant], level: Level) -> Vec<Json> {
        match tagging {
            Tagging::External => self.external(variants, level),
            Tagging::Internal { tag } => self.named(variants, level, |name, content| match content {
                None => Some(Json::single(tag, Json::text(name))),
                Some(content) => content.headed(tag, Json::text(name)),
            }),
            Tagging::Adjacent { tag, content: key } => self.named(variants, level, |name, content| {
                let mut entries = vec![((*tag).to_owned(), Json::text(name))];
                entries.extend(content.map(|content| ((*key).to_owned(), content)));
                Some(Json::Object(entries))
            }),
            Tagging::Untagged => {
                let mut values = Vec::new();
                for (index, variant) in variants.iter().enumerate() {
                    values.push(Self::unmistaken(self.values(&variant.shape, level), &variants[..index]));
                }
                in_turns(values)
            }
        }
    }

    fn external(&mut self, variants: &[Variant], level: Level) -> Vec<Json> {
        self.named(variants, level, |name, content| match content {
            None => Some(Json::text(name)),
            Some(content) => Some(Json::single(name, content)),
        })
    }

    /// Each variant under each of its names; `write` puts a name and a content together, where it has one.
    fn named(
        &mut self,
        variants: &[Variant],
        level: Level,
        write: impl Fn(&str, Option<Json>) -> Option<Json>,
    ) -> Vec<Json> {
        let mut all = Vec::new();
        for variant in variants {
            let names = std::iter::once(&variant.name).chain(variant.aliases);
            let unknown = variant.other.then_some(&accepts::UNKNOWN);
            if matches!(variant.shape, Shape::Null) {
                all.push(names.chain(unknown).filter_map(|name| write(name, None)).collect());
                continue;
            }
            let contents = self.values(&variant.shape, level);
            let mut values: Vec<Json> = Vec::new();
            for (index, name) in names.enumerate() {
                let count = if index == 0 { contents.len() } else { 1 };
                values.extend(contents.iter().take(count).filter_map(|content| write(name, Some(content.clone()))));
            }
            all.push(values);
        }
        in_turns(all)
    }
}

/// The first of each, then the second of each: so that the first few show every variant.
fn in_turns(lists: Vec<Vec<Json>>) -> Vec<Json> {
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut all = Vec::new();
    loop {
        let before = all.len();
        all.extend(lists.iter_mut().filter_map(Iterator::next));
        if all.len() == before {
            return all;
        }
    }
}

/// The object of one choice for each field; a flattened map has no keys that are those of fields, or that another
/// flattened field reads.
fn object<'a>(fields: &[Field], choices: impl Iterator<Item = &'a Entries>) -> Json {
    let is_field = |key: &str| {
        let mut own = fields.iter().filter(|field| !field.flatten);
        own.any(|field| field.name == key || field.aliases.contains(&key))
    };
    let is_merged = |of: &Field, key: &str| {
        let mut others = fields.iter().filter(|field| field.flatten && !std::ptr::eq(*field, of));
        of.shape.reads_all_keys() && others.any(|other| other.shape.has_key(key))
    };
    let mut object: Entries = Vec::new();
    for (field, entries) in fields.iter().zip(choices) {
        for (key, value) in entries {
            let taken = object.iter().any(|(known, _)| known == key)
                || (field.flatten && (is_field(key) || is_merged(field, key)));
            if !taken {
                object.push((key.clone(), value.clone()));
            }
        }
    }
    Json::Object(object)
}

/// The value in which everything is zero, empty, or absent; `None` when there is none, or one of several variants.
fn zero(shape: &Shape) -> Option<Json> {
    match shape {
        Shape::Null | Shape::Option(_) => Some(Json::Null),
        Shape::Bool => Some(Json::Bool(false)),
        Shape::Integer(_) => Some(Json::number(0)),
        Shape::Float(_) => Some(Json::number("0.0")),
        Shape::String => Some(Json::text("")),
        Shape::List(_) | Shape::Set(_) => Some(Json::List(Vec::new())),
        Shape::Map { .. } => Some(Json::Object(Vec::new())),
        Shape::Array(inner, length) => Some(Json::List(vec![zero(inner)?; *length])),
        Shape::Tuple(shapes) => shapes.iter().map(zero).collect::<Option<_>>().map(Json::List),
        Shape::Struct { fields, .. } if fields.iter().all(|field| !field.flatten) => {
            let entry = |field: &Field| zero(&field.shape).map(|value| (field.name.to_owned(), value));
            fields.iter().map(entry).collect::<Option<_>>().map(Json::Object)
        }
        Shape::Recursive(inner) => zero(inner),
        _ => None,
    }
}

fn entries(value: Json) -> Option<Entries> {
    match value {
        Json::Object(entries) => Some(entries),
        _ => None,
    }
}
