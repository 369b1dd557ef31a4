//! Payloads that a rule of the user's own has refused, with another value in the place that it names: so that one value
//! does not keep all that stands beside it from being tried.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    codec::json::path::{push_index, push_key},
    lock::samples::Json,
};

/// How many values are kept for a place.
const MOST: usize = 4;

/// Values that were accepted, by the places where they stood.
pub(super) struct Accepted<'a> {
    values: BTreeMap<String, Vec<&'a Json>>,
    turn: usize,
}

impl<'a> Accepted<'a> {
    /// The values that were read in the places that rules have named: those of the accepted payloads, and what stands
    /// before such a place in the refused ones.
    pub(super) fn new(accepted: Vec<&'a Json>, refused: &[(&'a Json, String)]) -> Self {
        let named: BTreeSet<String> = refused.iter().map(|(_, place)| general(place)).collect();
        let mut values = Self { values: BTreeMap::new(), turn: 0 };
        for payload in accepted {
            values.collect(payload, "", &named, None);
        }
        for (payload, place) in refused {
            values.collect(payload, "", &named, Some(place));
        }
        values
    }

    /// Collects up to a place; whether it goes on.
    fn collect(&mut self, json: &'a Json, here: &str, named: &BTreeSet<String>, end: Option<&str>) -> bool {
        if end == Some(here) {
            return false;
        }
        let goes_on = match json {
            Json::List(items) => {
                items.iter().enumerate().all(|(index, item)| self.collect(item, &in_list(here, index), named, end))
            }
            Json::Object(entries) => {
                entries.iter().all(|(key, value)| self.collect(value, &in_object(here, key), named, end))
            }
            _ => true,
        };
        let general = general(here);
        if goes_on && named.contains(&general) {
            let known = self.values.entry(general).or_default();
            if known.len() < MOST && !known.contains(&json) {
                known.push(json);
            }
        }
        goes_on
    }

    /// Puts a value that was accepted in this place there, another one each time; `false` when none is known.
    pub(super) fn repair(&mut self, payload: &mut Json, place: &str) -> bool {
        let Some(values) = self.values.get(&general(place)) else { return false };
        let Some(found) = find(payload, "", place) else { return false };
        self.turn += 1;
        *found = values[self.turn % values.len()].clone();
        true
    }
}

fn find<'j>(json: &'j mut Json, here: &str, place: &str) -> Option<&'j mut Json> {
    if here == place {
        return Some(json);
    }
    match json {
        Json::List(items) => items
            .iter_mut()
            .enumerate()
            .map(|(index, item)| (in_list(here, index), item))
            .find_map(|(inner, item)| if place.starts_with(&inner) { find(item, &inner, place) } else { None }),
        Json::Object(entries) => entries
            .iter_mut()
            .map(|(key, value)| (in_object(here, key), value))
            .find_map(|(inner, value)| if place.starts_with(&inner) { find(value, &inner, place) } else { None }),
        _ => None,
    }
}

fn in_list(place: &str, index: usize) -> String {
    let mut inner = place.to_owned();
    push_index(&mut inner, index);
    inner
}

fn in_object(place: &str, key: &str) -> String {
    let mut inner = place.to_owned();
    push_key(&mut inner, key);
    inner
}

/// The place without the numbers of elements: what a rule says of one, it says of all.
fn general(place: &str) -> String {
    let mut parts = place.split('[');
    let mut general = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        general.push('[');
        general.push_str(if rest.starts_with(']') { rest } else { part });
    }
    general
}
