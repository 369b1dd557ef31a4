//! The code behind stated shapes: its name, and which of some made-up texts and numbers it reads. Both stand in the lock,
//! because the shape that is stated stays when that code changes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    accept,
    places::{self, Names, Note},
};
use crate::{
    lock::payloads,
    mutants::without,
    schema::{EventType, Shape, adapter::Locked, recursion::said},
};

/// What the code behind the stated shapes of one version is, as the lock is to have it.
#[derive(Default)]
pub(super) struct Adapters {
    texts: BTreeMap<String, String>,
    /// Whether the lock has it otherwise.
    pub(super) changed: bool,
    /// Whether other code stands behind a shape than when it was locked, so that its payloads have to be tried.
    pub(super) swapped: bool,
}

impl Adapters {
    /// What the lock is to say of this place.
    pub(super) fn text(&self, names: &Names) -> Option<&str> {
        names.iter().find_map(|name| self.texts.get(name)).map(String::as_str)
    }
}

/// A value that was read when the version was locked.
struct Fault {
    place: String,
    sample: String,
    error: String,
}

/// The adapters of a version with this shape in the code, beside what is locked of it.
pub(super) fn adapters(
    event: &EventType,
    version: u16,
    shape: &Shape,
    locked: Option<&Shape>,
) -> Result<Adapters, String> {
    let mut kept: BTreeMap<String, Option<&str>> = BTreeMap::new();
    if let Some(locked) = locked {
        places::each(&said(locked), &mut |names, note| {
            if let Note::Stated(_, adapter) = note {
                for name in names {
                    kept.entry(name.clone()).or_insert(adapter.text());
                }
            }
        });
    }
    let (mut adapters, mut faults) = (Adapters::default(), Vec::new());
    places::each(&said(shape), &mut |names, note| {
        let Note::Stated(inner, adapter) = note else { return };
        let was = names.iter().filter_map(|name| kept.remove(name)).last().flatten();
        let text = match adapter.code() {
            None => was.map(str::to_owned),
            Some((name, reads)) => {
                let samples = samples(inner);
                let before = was.map(Locked::parse);
                adapters.swapped |= locked.is_some() && before.as_ref().map(|before| before.name) != Some(name);
                let kept = before.map_or_else(Vec::new, |before| {
                    before.samples.map_or_else(|| samples.clone(), |read| read.iter().map(Value::to_string).collect())
                });
                let refused = kept.into_iter().find_map(|sample| reads(&sample).err().map(|error| (sample, error)));
                if let Some((sample, error)) =
                    refused.filter(|_| !accept::is_accepted(event, version, names) && !without("read_samples"))
                {
                    faults.push(Fault { place: names.first().cloned().unwrap_or_default(), sample, error });
                }
                Some(text(name, &samples, reads))
            }
        };
        let Some(text) = text.filter(|text| !text.is_empty()) else { return };
        adapters.changed |= was != Some(&text);
        adapters.texts.extend(names.iter().map(|name| (name.clone(), text.clone())));
    });
    // A shape that is not stated any more is read by other code.
    if kept.values().any(Option::is_some) {
        (adapters.changed, adapters.swapped) = (true, true);
    }
    if faults.is_empty() { Ok(adapters) } else { Err(message(event, version, &faults)) }
}

fn text(name: &str, samples: &[String], reads: fn(&str) -> Result<(), String>) -> String {
    let read: Vec<&str> = samples.iter().map(String::as_str).filter(|sample| reads(sample).is_ok()).collect();
    let read = match (read.len(), samples.len()) {
        (0, _) => return name.to_owned(),
        (some, all) if some == all => "any".to_owned(),
        _ => format!("[{}]", read.join(", ")),
    };
    if name.is_empty() { format!("reads {read}") } else { format!("{name}, reads {read}") }
}

/// What is tried: values of the shape as JSON, so chosen that types which differ in what they read differ in these.
/// None of a shape with parts: that says itself what is read.
fn samples(shape: &Shape) -> Vec<String> {
    match shape {
        Shape::String => TEXTS.iter().map(|text| Value::from(*text).to_string()).collect(),
        Shape::Integer(_) | Shape::NonZero(_) | Shape::Float(_) | Shape::Char | Shape::Text(_) | Shape::Bool => {
            payloads(shape)
        }
        Shape::Option(inner) | Shape::Stated(inner, _) => samples(inner),
        Shape::List(inner) | Shape::Set(inner) => samples(inner).iter().map(|sample| format!("[{sample}]")).collect(),
        _ => Vec::new(),
    }
}

/// Texts that are something to one type and nothing to another: the limits of integers, other numbers, times, ids,
/// addresses, bytes.
const TEXTS: &[&str] = &[
    "",
    "Ada",
    "0",
    "-128",
    "-32768",
    "-2147483648",
    "-9223372036854775808",
    "-170141183460469231731687303715884105728",
    "255",
    "65535",
    "4294967295",
    "18446744073709551615",
    "340282366920938463463374607431768211455",
    "1.5",
    "1e30",
    "true",
    "a",
    "2024-02-29",
    "12:30:00",
    "2024-02-29T12:30:00",
    "2024-02-29T12:30:00Z",
    "2024-02-29T12:30:00.123456789+02:00",
    "9999-12-31T23:59:59Z",
    "Thu, 29 Feb 2024 12:30:00 +0000",
    "PT1H",
    "67e55044-10b1-426f-9247-bb680e5fe0c8",
    "c0ffee",
    "aGVsbG8=",
    "127.0.0.1",
    "::1",
    "https://example.org/",
];

fn message(event: &EventType, version: u16, faults: &[Fault]) -> String {
    let lines: Vec<String> = faults
        .iter()
        .map(|Fault { place, sample, error }| {
            format!("  {place}: {sample} was read when this was locked, and now: {error}\n")
        })
        .collect();
    let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
    format!(
        "`{}` version {version}: what stands behind a stated shape (`#[schema(as = ..)]`) does not read what it has read\n{}\nSuch values may be stored. Take the change back, or, if it is meant, {}. If none was ever stored, say so:\n{}",
        event.tag,
        lines.concat(),
        accept::instead(event, version, "the locked code"),
        accept::command(event, version, &places),
    )
}
