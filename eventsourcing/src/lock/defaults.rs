//! The values of defaults: what stored events mean that do not have a field. The lock holds them; they are found by
//! calling the functions that give them.

use std::{collections::BTreeMap, fmt::Write, thread, time::Duration};

use serde::de::IgnoredAny;

use super::{
    accept,
    canonical::canonical,
    places::{self, Names, Note},
};
use crate::{
    mutants::without,
    schema::{EventType, Field, Shape, default::Called, recursion::said},
};

/// How a lock tells what a default was before a change of it was accepted.
const WAS: &str = " (was ";
/// Between two calls of the same defaults: long enough for every clock to go on.
const PAUSE: Duration = Duration::from_millis(2);

/// What the fields of one version are when they are absent, as the lock is to have it.
pub(super) struct Defaults {
    texts: BTreeMap<String, String>,
    /// Whether the lock has it otherwise.
    pub(super) changed: bool,
}

impl Defaults {
    /// What the lock is to say of this place.
    pub(super) fn text(&self, names: &Names) -> Option<&str> {
        names.iter().find_map(|name| self.texts.get(name)).map(String::as_str)
    }
}

/// The defaults of a version with this shape in the code, beside what is locked of it.
pub(super) fn defaults(
    event: &EventType,
    version: u16,
    shape: &Shape,
    locked: Option<&Shape>,
) -> Result<Defaults, String> {
    let (now, mut faults) = called(&said(shape));
    let mut defaults = Defaults { texts: BTreeMap::new(), changed: false };
    let mut kept: BTreeMap<String, Option<String>> = BTreeMap::new();
    if let Some(locked) = locked {
        places::each(&said(locked), &mut |names, note| {
            let Note::Default(field) = note else { return };
            let text = field.default.text().map(str::to_owned).or_else(|| none_of_option(field));
            kept.extend(names.iter().map(|name| (name.clone(), text.clone())));
        });
    }
    for (names, value, is_understood) in now {
        let was = names.iter().find_map(|name| kept.get(name)).cloned().flatten();
        let text = match (value, was) {
            (None, was) => was,
            (Some(value), None) => Some(value),
            (Some(value), Some(was)) if value == without_past(&was) => Some(was),
            (Some(value), Some(was)) if accept::is_accepted(event, version, &names) || without("locked_defaults") => {
                Some(format!("{value}{WAS}{was})"))
            }
            (Some(value), Some(was)) => {
                let place = names.first().cloned().unwrap_or_default();
                faults.push(Fault::Changed { place, was: without_past(&was).to_owned(), value });
                continue;
            }
        };
        let Some(text) = text.filter(|text| text != "null" || !is_understood) else { continue };
        let locked = names.iter().find_map(|name| kept.get(name)).cloned().flatten();
        defaults.changed |= locked.as_ref() != Some(&text);
        defaults.texts.extend(names.into_iter().map(|name| (name, text.clone())));
    }
    if faults.is_empty() { Ok(defaults) } else { Err(message(event, version, &faults)) }
}

enum Fault {
    /// It is another one than is locked.
    Changed { place: String, was: String, value: String },
    /// It is another one each time.
    Varying { place: String, one: String, other: String },
    /// Its type cannot be shown.
    Hidden { place: String },
}

/// What a field is now that may be absent, and `None` where the code does not tell. Then whether a `null` is understood:
/// that of an `Option`, and of what is nothing else.
type Value = (Names, Option<String>, bool);

/// The values of all fields that may be absent.
fn called(shape: &Shape) -> (Vec<Value>, Vec<Fault>) {
    let (mut values, mut faults, mut calls) = (Vec::new(), Vec::new(), Vec::new());
    places::each(shape, &mut |names, note| {
        let Note::Default(field) = note else { return };
        let place = || names.first().cloned().unwrap_or_default();
        let value = match field.default.call() {
            Called::Json(json) => {
                let value = canonical(&field.shape, &json);
                calls.push((place(), *field, value.clone()));
                Some(value)
            }
            Called::NotShown => {
                faults.push(Fault::Hidden { place: place() });
                None
            }
            Called::Nothing => none_of_option(field),
        };
        let is_understood = field.shape.may_be_none() || matches!(field.shape, Shape::Null);
        values.push((names.clone(), value, is_understood));
    });
    if !calls.is_empty() {
        thread::sleep(PAUSE);
    }
    for (place, field, one) in calls {
        let Called::Json(again) = field.default.call() else { continue };
        let other = canonical(&field.shape, &again);
        if other != one && !without("steady_defaults") {
            faults.push(Fault::Varying { place, one, other });
        }
    }
    (values, faults)
}

/// What an `Option` is that says nothing else.
fn none_of_option(field: &Field) -> Option<String> {
    field.shape.may_be_none().then(|| "null".to_owned())
}

/// A locked default without what it was before. A string in it may hold these characters too, and is no JSON up to there.
fn without_past(text: &str) -> &str {
    let is_json = |text: &&str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    text.match_indices(WAS).map(|(at, _)| &text[..at]).find(is_json).unwrap_or(text)
}

fn message(event: &EventType, version: u16, faults: &[Fault]) -> String {
    let tag = event.tag;
    let mut text = format!("`{tag}` version {version}: the default of a field is part of what stored events mean\n");
    let mut changed: Vec<&str> = Vec::new();
    let (mut varies, mut hidden) = (false, false);
    for fault in faults {
        // Writing to a string cannot fail.
        let _ = match fault {
            Fault::Changed { place, was, value } => {
                changed.push(place);
                writeln!(text, "  {place}: locked as {was}, now {value}")
            }
            Fault::Varying { place, one, other } => {
                varies = true;
                writeln!(text, "  {place}: it was {one}, and a moment later {other}")
            }
            Fault::Hidden { place } => {
                hidden = true;
                writeln!(text, "  {place}: its value cannot be shown")
            }
        };
    }
    if !changed.is_empty() {
        let (instead, command) =
            (accept::instead(event, version, "the locked default"), accept::command(event, version, &changed));
        let _ = write!(
            text,
            "\nWhat was stored without the field would be read as another value. If it is to keep its meaning, {instead}. If it has meant the new value all the time, say so, and the lock keeps both:\n{command}\n",
        );
    }
    if varies {
        text.push_str(VARIES);
    }
    if hidden {
        text.push_str(HIDDEN);
    }
    text.trim_end().to_owned()
}

const VARIES: &str = "
A default that is another one at each call makes an event mean something else at each read. Make the field an `Option`, or
its default a constant; what belongs to the moment of writing is for the code that makes the event.
";
const HIDDEN: &str = "
Derive `Serialize` or `Debug` for the type of the field, so that the lock can hold the value.
";
