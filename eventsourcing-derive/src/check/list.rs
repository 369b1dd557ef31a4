//! What can be told of a list without its types: whether there is a lock, and what is named twice.

use std::{collections::BTreeSet, env};

use proc_macro2::Span;
use quote::ToTokens;

use crate::{
    diag::{Errors, text_of},
    list::List,
    lock::{self, COMMAND, Location, package},
};

/// What the lock has for the types of a list to claim.
pub(crate) struct Claims {
    pub(crate) location: Location,
    /// The sections that one of the types has to claim; `None` when there is no lock that could be read.
    pub(crate) sections: Option<Vec<String>>,
    /// Whether the lock is about to be written, by the tests of this build.
    pub(crate) is_first: bool,
}

pub(crate) fn list(errors: &Errors, list: &List) -> Claims {
    refuse_repetition(errors, list);
    let (location, found) = lock::sections();
    let (sections, is_first) = match found {
        Ok(Some(names)) => (Some(left(errors, list, names)), false),
        Ok(None) => {
            let is_first = env::var_os("EVENTS_LOCK").is_some_and(|value| value == "write");
            if !is_first {
                errors.push(syn::Error::new(Span::call_site(), missing(&location)));
            }
            (None, is_first)
        }
        Err(fault) => {
            // The derive of each type has said it.
            if list.types.is_empty() {
                errors.push(syn::Error::new(Span::call_site(), fault.0));
            }
            (None, false)
        }
    };
    Claims { location, sections, is_first }
}

fn refuse_repetition(errors: &Errors, list: &List) {
    let mut seen = BTreeSet::new();
    for listed in &list.types {
        if !seen.insert(listed.ty.to_token_stream().to_string()) {
            errors.at(&listed.ty, format!("`{}` is listed twice; name it once", text_of(&listed.ty)));
        }
    }
}

/// The sections but for those that are claimed elsewhere.
fn left(errors: &Errors, list: &List, mut names: Vec<String>) -> Vec<String> {
    for elsewhere in &list.elsewhere {
        let name = elsewhere.value();
        match names.iter().position(|section| *section == name) {
            Some(at) => drop(names.remove(at)),
            None => errors.at(
                elsewhere,
                format!("`events.lock` has no section [{name}]; name those of types in other targets of the package, each once"),
            ),
        }
    }
    names
}

fn missing(location: &Location) -> String {
    let (problem, remedy) = match location {
        Location::Manifest => (
            format!("there is no `events.lock` beside the `Cargo.toml` of `{}`", package()),
            "it belongs to the code: commit it, and take it along wherever the crate is built (a container that copies `src` needs it too)",
        ),
        Location::Stated(path) => (
            format!("there is no file `{path}`, which `EVENTS_LOCK_FILE` names"),
            "correct the variable, whose path begins at the folder of `Cargo.toml`, or remove it",
        ),
    };
    format!(
        "{problem}, so nothing keeps stored events readable\n  {remedy}\n  if there is none yet, write it: {COMMAND}"
    )
}
