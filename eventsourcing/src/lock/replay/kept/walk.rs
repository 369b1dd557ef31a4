//! The walk through a payload and its encoding, side by side.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    super::instant,
    loss::Loss,
    path::{self, Step},
    text,
};
use crate::{
    lock::accepts,
    mutants::without,
    schema::{Field, Shape, Tagging, Variant, default::Called},
};

type Object = Map<String, Value>;

#[derive(Debug, Default, Clone)]
pub(super) struct Walk<'a> {
    /// The optional fields that were written again, by their general path.
    pub(super) kept: BTreeSet<String>,
    /// Those that were not, in the order of the payload.
    pub(super) left_out: Vec<(String, Box<Loss>)>,
    steps: Vec<Step>,
    /// What contains itself, the nearest last.
    enclosing: Vec<&'a Shape>,
}

/// The keys of an object that are spoken for, and what all other ones hold.
#[derive(Debug, Default)]
struct Keys<'a> {
    known: BTreeSet<String>,
    others: Option<(&'a Shape, &'a Shape)>,
}

impl<'a> Walk<'a> {
    pub(super) fn value(&mut self, now: &'a Shape, before: &Value, after: &Value) -> Result<(), Box<Loss>> {
        match (now, before, after) {
            (Shape::Ordered(inner), Value::Array(one), Value::Array(other)) => match inner {
                Shape::Set(inner) => self.elements(inner, one, other),
                inner => self.value(inner, before, after),
            },
            (Shape::Format("heap", Shape::List(inner)), Value::Array(one), Value::Array(other)) => {
                self.heap(inner, one, other)
            }
            (Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner), ..) => {
                self.value(inner, before, after)
            }
            (Shape::Option(inner), ..) if !before.is_null() && !after.is_null() => self.value(inner, before, after),
            (Shape::Recursive(inner), ..) => self.inside(inner, |walk| walk.value(inner, before, after)),
            (Shape::Itself, ..) => match self.enclosing.last().copied() {
                Some(inner) => self.value(inner, before, after),
                None => self.alike(before, after),
            },
            (Shape::Text(format), Value::String(one), Value::String(other)) if instant::same(format, one, other) => {
                Ok(())
            }
            (Shape::List(inner) | Shape::Array(inner, _), Value::Array(one), Value::Array(other)) => {
                self.elements(inner, one, other)
            }
            (Shape::Set(inner), Value::Array(one), Value::Array(other)) => self.set(inner, one, other),
            (Shape::Tuple(shapes), Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
                let pairs = one.iter().zip(other).enumerate();
                let places = shapes.iter().zip(pairs);
                for (shape, (index, (before, after))) in places {
                    self.step(Step::Index(index), |walk| walk.value(shape, before, after))?;
                }
                Ok(())
            }
            (Shape::Enum { tagging: Tagging::External, variants }, ..) => self.external(variants, before, after),
            (Shape::Enum { tagging: Tagging::Untagged, variants }, ..) => {
                match accepts::variant_of(variants, &self.enclosing, before) {
                    Some(variant) => {
                        self.step(Step::Variant(variant.name), |walk| walk.value(&variant.shape, before, after))
                    }
                    None => self.alike(before, after),
                }
            }
            (
                Shape::Map { .. } | Shape::Struct { .. } | Shape::Enum { .. },
                Value::Object(before),
                Value::Object(after),
            ) => self.object(now, before, after),
            _ => self.alike(before, after),
        }
    }

    /// Without order, and equal elements as often as before.
    fn heap(&mut self, shape: &'a Shape, before: &[Value], after: &[Value]) -> Result<(), Box<Loss>> {
        let mut walk = self.clone();
        if before.len() == after.len() && walk.each_somewhere(shape, before, after, true) {
            *self = walk;
            return Ok(());
        }
        self.elements(shape, before, after)
    }

    /// Without order; different texts of one element may have become one, equal elements not.
    fn set(&mut self, shape: &'a Shape, before: &[Value], after: &[Value]) -> Result<(), Box<Loss>> {
        let comes_twice = |(at, value): (usize, &Value)| before[..at].iter().any(|other| text::alike(other, value));
        if before.iter().enumerate().any(comes_twice) {
            return self.elements(shape, before, after);
        }
        let mut walk = self.clone();
        if walk.each_somewhere(shape, before, after, false) {
            *self = walk;
            return Ok(());
        }
        self.elements(shape, before, after)
    }

    fn elements(&mut self, shape: &'a Shape, before: &[Value], after: &[Value]) -> Result<(), Box<Loss>> {
        for (index, before) in before.iter().enumerate() {
            self.step(Step::Index(index), |walk| match after.get(index) {
                Some(after) => walk.value(shape, before, after),
                None => Err(Box::new(walk.loss(before, None))),
            })?;
        }
        if after.len() == before.len() { Ok(()) } else { self.alike(&before.into(), &after.into()) }
    }

    /// Whether each element is somewhere among the others, each of them used `once`.
    fn each_somewhere(&mut self, shape: &'a Shape, before: &[Value], after: &[Value], once: bool) -> bool {
        let mut left: Vec<&Value> = after.iter().collect();
        before.iter().enumerate().all(|(index, before)| {
            let found = left.iter().position(|after| {
                let mut walk = self.clone();
                let same = walk.step(Step::Index(index), |walk| walk.value(shape, before, after)).is_ok();
                if same {
                    *self = walk;
                }
                same
            });
            if let (Some(at), true) = (found, once) {
                left.swap_remove(at);
            }
            found.is_some()
        })
    }

    fn external(&mut self, variants: &'a [Variant], before: &Value, after: &Value) -> Result<(), Box<Loss>> {
        let (Some((name, before_content)), Some((after_name, after_content))) = (named(before), named(after)) else {
            return self.alike(before, after);
        };
        let Some(variant) = same_variant(variants, name, after_name) else { return self.alike(before, after) };
        self.step(Step::Variant(variant.name), |walk| {
            walk.step(Step::Key(name.to_owned()), |walk| walk.value(&variant.shape, before_content, after_content))
        })
    }

    fn object(&mut self, now: &'a Shape, before: &Object, after: &Object) -> Result<(), Box<Loss>> {
        let mut keys = Keys::default();
        self.part(now, before, after, &mut keys)?;
        for (key, value) in before.iter().filter(|(key, _)| !keys.known.contains(*key)) {
            let (name, shape) = match keys.others {
                Some((shape, values)) => (today(shape, key), values),
                None => (key.as_str(), &Shape::Any),
            };
            self.step(Step::Key(key.clone()), |walk| match after.get(name) {
                Some(after) => walk.value(shape, value, after),
                None => Err(Box::new(walk.loss(value, None))),
            })?;
        }
        Ok(())
    }

    /// Compares the keys of an object that this shape has, which may be flattened among others.
    fn part(
        &mut self,
        shape: &'a Shape,
        before: &Object,
        after: &Object,
        keys: &mut Keys<'a>,
    ) -> Result<(), Box<Loss>> {
        match shape {
            Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner) | Shape::Option(inner) => {
                self.part(inner, before, after, keys)
            }
            Shape::Recursive(inner) => self.inside(inner, |walk| walk.part(inner, before, after, keys)),
            Shape::Itself => match self.enclosing.last().copied() {
                Some(inner) => self.part(inner, before, after, keys),
                None => Ok(()),
            },
            Shape::Struct { fields, .. } => {
                for field in fields.iter().filter(|field| !field.flatten) {
                    self.field(field, before, after, keys)?;
                }
                for field in fields.iter().filter(|field| field.flatten) {
                    self.part(&field.shape, before, after, keys)?;
                }
                Ok(())
            }
            Shape::Map { key, value } => {
                keys.others = Some((key, value));
                Ok(())
            }
            Shape::Enum { tagging, variants } => self.choice(tagging, variants, before, after, keys),
            _ => Ok(()),
        }
    }

    fn field(
        &mut self,
        field: &'a Field,
        before: &Object,
        after: &Object,
        keys: &mut Keys<'a>,
    ) -> Result<(), Box<Loss>> {
        let names = || std::iter::once(field.name).chain(field.aliases.iter().copied());
        keys.known.extend(names().map(str::to_owned));
        let Some(one) = names().find_map(|name| before.get(name)) else { return Ok(()) };
        // `null` and absence say the same.
        if one.is_null() && field.optional {
            return Ok(());
        }
        self.step(Step::Field(field.name), |walk| match names().find_map(|name| after.get(name)) {
            Some(other) => {
                walk.value(&field.shape, one, other)?;
                walk.kept.insert(path::general(&walk.steps));
                Ok(())
            }
            None if field.read_only => Ok(()),
            None if field.optional => walk.left_out(field, one),
            None => Err(Box::new(walk.loss(one, None))),
        })
    }

    /// A value that is not written (`skip_serializing_if`) is read as the default, so it has to be that.
    fn left_out(&mut self, field: &'a Field, value: &Value) -> Result<(), Box<Loss>> {
        let default = match field.default.call() {
            Called::Json(json) => serde_json::from_str(&json).ok(),
            Called::NotShown => None,
            Called::Nothing => field.shape.may_be_none().then_some(Value::Null),
        };
        if let Some(default) = default {
            let is_default = self.clone().value(&field.shape, value, &default).is_ok();
            return if is_default || without("skipped_values") {
                Ok(())
            } else {
                Err(Box::new(Loss { read_as: Some(default), ..self.loss(value, None) }))
            };
        }
        self.left_out.push((path::general(&self.steps), Box::new(self.loss(value, None))));
        Ok(())
    }

    fn choice(
        &mut self,
        tagging: &'a Tagging,
        variants: &'a [Variant],
        before: &Object,
        after: &Object,
        keys: &mut Keys<'a>,
    ) -> Result<(), Box<Loss>> {
        let name_in = |object: &'_ Object, tag: &str| object.get(tag).and_then(Value::as_str).map(str::to_owned);
        match tagging {
            Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => {
                let (Some(one), Some(other)) = (name_in(before, tag), name_in(after, tag)) else { return Ok(()) };
                let Some(variant) = same_variant(variants, &one, &other) else { return Ok(()) };
                keys.known.insert((*tag).to_owned());
                self.step(Step::Variant(variant.name), |walk| match tagging {
                    Tagging::Adjacent { content, .. } => {
                        keys.known.insert((*content).to_owned());
                        let one = before.get(*content).unwrap_or(&Value::Null);
                        let other = after.get(*content).unwrap_or(&Value::Null);
                        walk.step(Step::Field(content), |walk| walk.value(&variant.shape, one, other))
                    }
                    _ => walk.part(&variant.shape, before, after, keys),
                })
            }
            Tagging::External => {
                let is_one = |key: &&String| !keys.known.contains(*key) && same_variant(variants, key, key).is_some();
                let (Some(one), Some(other)) = (before.keys().find(is_one), after.keys().find(is_one)) else {
                    return Ok(());
                };
                let Some(variant) = same_variant(variants, one, other) else { return Ok(()) };
                keys.known.insert(one.clone());
                self.step(Step::Variant(variant.name), |walk| {
                    walk.step(Step::Key(one.clone()), |walk| walk.value(&variant.shape, &before[one], &after[other]))
                })
            }
            Tagging::Untagged => {
                let rest = before.iter().filter(|(key, _)| !keys.known.contains(*key));
                let rest = Value::Object(rest.map(|(key, value)| (key.clone(), value.clone())).collect());
                match accepts::variant_of(variants, &self.enclosing, &rest) {
                    Some(variant) => {
                        self.step(Step::Variant(variant.name), |walk| walk.part(&variant.shape, before, after, keys))
                    }
                    None => Ok(()),
                }
            }
        }
    }

    fn alike(&self, before: &Value, after: &Value) -> Result<(), Box<Loss>> {
        if text::alike(before, after) { Ok(()) } else { Err(Box::new(self.loss(before, Some(after)))) }
    }

    fn loss(&self, before: &Value, after: Option<&Value>) -> Loss {
        Loss { path: path::concrete(&self.steps), before: before.clone(), after: after.cloned(), read_as: None }
    }

    fn step<T>(&mut self, step: Step, walk: impl FnOnce(&mut Self) -> T) -> T {
        self.steps.push(step);
        let result = walk(self);
        self.steps.pop();
        result
    }

    fn inside<T>(&mut self, inner: &'a Shape, walk: impl FnOnce(&mut Self) -> T) -> T {
        self.enclosing.push(inner);
        let result = walk(self);
        self.enclosing.pop();
        result
    }
}

/// The variant that both names mean. A name that was known once and is not any more has lost its meaning, though the
/// variant for unknown names reads it.
fn same_variant<'a>(variants: &'a [Variant], one: &str, other: &str) -> Option<&'a Variant> {
    let is_known = variants.iter().any(|variant| variant.name == one || variant.aliases.contains(&one));
    if !is_known && one != accepts::UNKNOWN {
        return None;
    }
    let (one, other) = (accepts::named(variants, one)?, accepts::named(variants, other)?);
    (one.name == other.name).then_some(one)
}

/// The name and the content of an externally tagged value.
fn named(value: &Value) -> Option<(&str, &Value)> {
    match value {
        Value::String(name) => Some((name, &Value::Null)),
        Value::Object(entries) if entries.len() == 1 => {
            entries.iter().next().map(|(name, content)| (name.as_str(), content))
        }
        _ => None,
    }
}

/// The key that is written today where this one may be read.
fn today<'a>(shape: &'a Shape, key: &'a str) -> &'a str {
    match shape {
        Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner) => today(inner, key),
        Shape::Enum { variants, .. } => accepts::named(variants, key).map_or(key, |variant| variant.name),
        _ => key,
    }
}
