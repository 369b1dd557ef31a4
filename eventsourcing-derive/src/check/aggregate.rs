//! The rules of `derive(Aggregate)`.

use syn::{DeriveInput, LitStr};

use super::number;
use crate::{
    attr::{Items, Value},
    case::tag_word,
    diag::Errors,
    model::{Aggregate, Snapshots},
    path,
};

const MAX_CATEGORY: usize = 510;

/// What is derived; `None` when a key is missing.
pub(crate) fn aggregate<'a>(errors: &Errors, input: &'a DeriveInput, own: &Items) -> Option<Aggregate<'a>> {
    if !input.generics.params.is_empty() {
        errors.at(
            &input.generics,
            format!("an aggregate has one kind of event and one category, so `{}` cannot be generic", input.ident),
        );
    }
    let name = tag_word(&input.ident.to_string());
    missing(errors, input, own, &name);
    let category = own.str("category").cloned();
    if let Some(category) = &category {
        check_category(errors, category);
    }
    Some(Aggregate {
        ident: &input.ident,
        private: path::private(own),
        event: own.ty("event")?.clone(),
        id: own.ty("id")?.clone(),
        category: category?,
        snapshots: own.get("snapshot").and_then(|item| match &item.value {
            Value::Keys(keys) => snapshots(errors, &item.key, keys),
            _ => None,
        }),
    })
}

/// Reports all missing keys in one sentence, with what to write.
fn missing(errors: &Errors, input: &DeriveInput, own: &Items, name: &str) {
    let ident = &input.ident;
    let keys = [
        ("event", format!("event = {ident}Event")),
        ("id", format!("id = {ident}Id")),
        ("category", format!("category = \"{name}\"")),
    ];
    // A key with a faulty value has been reported.
    let absent: Vec<&str> =
        keys.iter().filter(|(key, _)| !own.was_given(key)).map(|(_, example)| example.as_str()).collect();
    if !absent.is_empty() {
        errors.at(ident, format!("`{ident}` lacks `#[aggregate({})]`", absent.join(", ")));
    }
}

fn check_category(errors: &Errors, category: &LitStr) {
    let text = category.value();
    if text.is_empty() {
        errors.at(category, "a category must not be empty");
    } else if text.len() > MAX_CATEGORY {
        errors.at(category, format!("a category has at most {MAX_CATEGORY} bytes"));
    } else if text.contains('/') {
        errors.at(category, "a category must not contain `/`: it ends the category in a stream id");
    } else if text.contains('\0') {
        errors.at(category, "a category must not contain NUL");
    }
}

fn snapshots(errors: &Errors, key: &syn::Ident, keys: &Items) -> Option<Snapshots> {
    for (name, example) in [("every", "every = 100"), ("version", "version = 1")] {
        if !keys.was_given(name) {
            errors.at(key, format!("`snapshot(..)` lacks `{example}`"));
        }
    }
    let every: Option<u32> = keys.int("every").and_then(|every| {
        let number = number(errors, every, "a number of events from 1 to 4294967295");
        if number == Some(0) {
            errors.at(every, "a snapshot after every 0 events is none; write 1 or more, or leave `snapshot` out");
        }
        number
    });
    let version = keys.int("version").and_then(|version| number(errors, version, "a number from 0 to 4294967295"));
    Some(Snapshots { every: every?, version: version?, span: key.span() })
}
