//! Values of a shape, part by part.

use super::{formats, json::Json, leaves, pairs};
use crate::{
    lock::accepts,
    schema::{Shape, Variant},
};

/// The most values of one part of a shape.
pub(super) const MOST_OF_PART: usize = 300;
/// The most bytes of one part, and of what a list or map is filled with, wherever there are smaller values.
pub(super) const LARGEST_PART: usize = 4_000;
/// How often a shape that contains itself is entered.
const UNROLLED: usize = 4;
/// How many of its values stand inside of itself.
const MOST_INSIDE: usize = 6;
/// How many values stand in one list.
pub(super) const IN_ONE_LIST: usize = 8;

/// How deep inside a payload a value stands. The deeper, the fewer pairs are tried.
#[derive(Clone, Copy)]
pub(super) struct Level(usize);

impl Level {
    pub(super) const ROOT: Self = Self(0);

    pub(super) fn inner(self) -> Self {
        Self(self.0 + 1)
    }

    /// How many choices of each part are tried in pairs.
    pub(super) fn paired(self) -> usize {
        match self.0 {
            0 => 6,
            1 => 4,
            2 => 3,
            _ => 2,
        }
    }
}

/// Makes values. The first ones of a shape differ most from each other: those are tried in pairs.
pub(super) struct Generator<'a> {
    /// Keys that maps hold beside those that are made up.
    pub(super) keys: &'a [&'static str],
    /// For each enclosing shape that contains itself, the values that stand inside of it.
    pub(super) enclosing: Vec<Vec<Json>>,
}

impl Generator<'_> {
    /// Values of a shape; none when none can be told.
    pub(super) fn values(&mut self, shape: &Shape, level: Level) -> Vec<Json> {
        match shape {
            Shape::Null => vec![Json::Null],
            Shape::Bool => vec![Json::Bool(false), Json::Bool(true)],
            Shape::Integer(integer) => leaves::integers(*integer),
            Shape::NonZero(integer) => {
                let zero = Json::number(0);
                leaves::integers(*integer).into_iter().filter(|number| *number != zero).collect()
            }
            Shape::Float(float) => leaves::floats(*float),
            Shape::Char => leaves::characters(),
            Shape::String => leaves::strings(),
            Shape::Text(format) => leaves::texts(format),
            Shape::Any => leaves::anything(),
            // Nothing is known of it, and what was stored there was not anything; or it comes again and again.
            Shape::Cut(_) => Vec::new(),
            Shape::Option(inner) => {
                let mut values = vec![Json::Null];
                // An option of `null` is content that is always `null`.
                values.extend(self.values(inner, level).into_iter().filter(|value| *value != Json::Null));
                values
            }
            Shape::List(inner) => lists(self.values(inner, level.inner()), true),
            Shape::Set(inner) => lists(self.values(inner, level.inner()), false),
            Shape::Array(inner, length) => arrays(&self.values(inner, level.inner()), *length),
            Shape::Tuple(shapes) => self.tuples(shapes, level),
            Shape::Map { key, value } => self.maps(key, value, level),
            Shape::Struct { fields, .. } => self.structs(fields, level),
            Shape::Enum { tagging, variants } => self.choices(tagging, variants, level),
            Shape::Recursive(inner) => self.unrolled(inner, level),
            Shape::Itself => self.enclosing.last().cloned().unwrap_or_default(),
            Shape::Stated(inner, adapter) => {
                // What has been read first: of all other values the code may take few.
                let mut values: Vec<Json> = adapter.samples().into_iter().map(Json::from).collect();
                values.extend(self.values(inner, level));
                values
            }
            Shape::Ordered(inner) => self.values(inner, level),
            Shape::Format(format, inner) => {
                formats::in_format(format, inner).unwrap_or_else(|| self.values(inner, level))
            }
        }
    }

    fn tuples(&mut self, shapes: &[Shape], level: Level) -> Vec<Json> {
        let places: Vec<Vec<Json>> = shapes.iter().map(|shape| self.part(shape, level)).collect();
        let counts: Vec<usize> = places.iter().map(Vec::len).collect();
        let rows = pairs::rows(&counts, level.paired()).into_iter();
        rows.map(|row| Json::List(places.iter().zip(row).map(|(values, choice)| values[choice].clone()).collect()))
            .collect()
    }

    fn maps(&mut self, key: &Shape, value: &Shape, level: Level) -> Vec<Json> {
        let (keys, other_names) = self.keys(key, level);
        let values = self.part(value, level);
        let mut maps = vec![Json::Object(Vec::new())];
        if values.is_empty() || keys.is_empty() {
            return maps;
        }
        // Each key and each value at least once, as many entries in one map as there are keys.
        let largest = values.iter().map(Json::size).max().unwrap_or(0).max(1);
        let width = keys.len().min(IN_ONE_LIST).min(2 * LARGEST_PART / largest).max(1);
        let most = keys.len().max(values.len());
        for start in (0..most).step_by(width) {
            let entry = |at: usize| (keys[at % keys.len()].clone(), values[at % values.len()].clone());
            let mut entries: Vec<(String, Json)> = Vec::new();
            for (key, value) in (start..start + width).map(entry) {
                if entries.iter().all(|(known, _)| *known != key) {
                    entries.push((key, value));
                }
            }
            maps.push(Json::Object(entries));
        }
        maps.push(Json::single(&keys[0], values[0].clone()));
        if matches!(key, Shape::String) {
            maps.extend(
                self.keys.iter().zip(values.iter().cycle()).map(|(key, value)| Json::single(key, value.clone())),
            );
        }
        maps.extend(other_names.iter().map(|name| Json::single(name, values[0].clone())));
        maps
    }

    /// The keys of a map, and those that are other names of one of them, so that a map has only one of the two.
    fn keys(&mut self, shape: &Shape, level: Level) -> (Vec<String>, Vec<&'static str>) {
        let variants = match shape {
            Shape::Stated(inner, _) | Shape::Ordered(inner) | Shape::Format(_, inner) => {
                return self.keys(inner, level);
            }
            Shape::Enum { variants, .. } => *variants,
            _ => &[],
        };
        let mut keys: Vec<String> = variants.iter().map(|variant| variant.name.to_owned()).collect();
        if variants.is_empty() {
            let texts = self.values(shape, level.inner()).into_iter().filter_map(|key| match key {
                Json::Text(text) | Json::Number(text) => Some(text),
                Json::Bool(value) => Some(value.to_string()),
                _ => None,
            });
            keys.extend(texts);
        }
        (keys, variants.iter().flat_map(|variant| variant.aliases).copied().collect())
    }

    /// A shape that contains itself: inside of it stand a few of its own values, which are one level less deep.
    fn unrolled(&mut self, inner: &Shape, level: Level) -> Vec<Json> {
        let mut values = Vec::new();
        for _ in 0..UNROLLED {
            let values_inside = small(values);
            let deepest = values_inside.iter().max_by_key(|value| Json::depth(value)).cloned();
            let mut inside = thinned(values_inside, MOST_INSIDE - 1);
            inside.splice(0..0, deepest.filter(|deepest| !inside.contains(deepest)));
            self.enclosing.push(inside);
            values = self.values(inner, level);
            self.enclosing.pop();
        }
        values
    }

    /// Values of a part of something.
    pub(super) fn part(&mut self, shape: &Shape, level: Level) -> Vec<Json> {
        thinned(small(self.values(shape, level.inner())), MOST_OF_PART)
    }

    /// Leaves out the values of a variant that are read as an earlier one, as they were when they were written. When that
    /// leaves none, they all stay, so that the codec shows what becomes of them.
    pub(super) fn unmistaken(values: Vec<Json>, earlier: &[Variant]) -> Vec<Json> {
        let is_earlier = |value: &Json| {
            let value = serde_json::from_str(&value.to_string()).unwrap_or_default();
            earlier.iter().any(|variant| accepts::may_read(&variant.shape, &value))
        };
        let others: Vec<Json> = values.iter().filter(|value| !is_earlier(value)).cloned().collect();
        if others.is_empty() { values } else { others }
    }
}

/// Lists of values: none, some, one, and where values may come again, many.
fn lists(values: Vec<Json>, again: bool) -> Vec<Json> {
    let mut lists = vec![Json::List(Vec::new())];
    let Some(first) = values.first().cloned() else { return lists };
    let mut different: Vec<Json> = Vec::new();
    for value in thinned(small(values), MOST_OF_PART) {
        if again || !different.contains(&value) {
            different.push(value);
        }
    }
    let many = if again { many(&different) } else { Vec::new() };
    let mut some = Vec::new();
    let mut size = 0;
    for value in different {
        size += value.size();
        if some.len() == IN_ONE_LIST || (size > LARGEST_PART && !some.is_empty()) {
            size = value.size();
            lists.push(Json::List(std::mem::take(&mut some)));
        }
        some.push(value);
    }
    lists.push(Json::List(some));
    lists.extend((many.len() > 1).then_some(Json::List(many)));
    lists.push(Json::List(vec![first]));
    lists
}

/// The first values again and again, as far as they are small; two of them at least.
fn many(values: &[Json]) -> Vec<Json> {
    let mut size = 0;
    let turns = values.iter().take(3).cycle().take(40).enumerate();
    let few = turns.take_while(|(index, value)| {
        size += value.size();
        *index < 2 || size < LARGEST_PART
    });
    let mut many: Vec<Json> = few.map(|(_, value)| value.clone()).collect();
    // Values that come twice tell a list from a set.
    many.extend(many.first().cloned());
    many
}

fn arrays(values: &[Json], length: usize) -> Vec<Json> {
    if length == 0 || values.is_empty() {
        return if length == 0 { vec![Json::List(Vec::new())] } else { Vec::new() };
    }
    let turned = |start: usize| values.iter().cycle().skip(start).take(length).cloned().collect();
    (0..values.len()).step_by(length).map(turned).map(Json::List).collect()
}

/// Those that are not too large; the smallest when all are.
pub(super) fn small(mut values: Vec<Json>) -> Vec<Json> {
    if values.iter().all(|value| value.size() > LARGEST_PART) {
        return values.into_iter().min_by_key(Json::size).into_iter().collect();
    }
    values.retain(|value| value.size() <= LARGEST_PART);
    values
}

/// At most so many of these, from all places of the list, the first always.
pub(super) fn thinned(values: Vec<Json>, most: usize) -> Vec<Json> {
    let count = values.len();
    if count <= most {
        return values;
    }
    let mut kept = Vec::with_capacity(most);
    for (index, value) in values.into_iter().enumerate() {
        // The first whose share of the list reaches the next whole number.
        if index * most / count >= kept.len() && kept.len() < most {
            kept.push(value);
        }
    }
    kept
}
