//! The rules: turns the type as written into what is derived, and reports every mistake. Makes no tokens.

mod adapters;
mod aggregate;
mod event;
mod fields;
mod list;
mod lock;
mod plain;
mod schema;
mod tags;

pub(crate) use aggregate::aggregate;
pub(crate) use event::event;
pub(crate) use list::{Claims, list};
pub(crate) use schema::{FROM_ALONE, schema};

use std::fmt::Display;
use std::str::FromStr;

use syn::{Generics, LitInt};

use crate::{
    attr::Items,
    case::{CASES, Case},
    diag::{self, Errors},
};

/// The rename rule under this key.
fn case(errors: &Errors, serde: &Items, key: &str) -> Option<Case> {
    let name = serde.str(key)?;
    let case = Case::named(&name.value());
    if case.is_none() {
        let rules = diag::list(CASES.iter().map(|(name, _)| *name));
        errors.at(name, format!("there is no rule `{}`; the rules are {rules}", name.value()));
    }
    case
}

fn number<N: FromStr>(errors: &Errors, written: &LitInt, takes: &str) -> Option<N>
where
    N::Err: Display,
{
    let number = written.base10_parse().ok();
    if number.is_none() {
        errors.at(written, format!("`{written}` is not {takes}"));
    }
    number
}

fn no_lifetimes(errors: &Errors, generics: &Generics) {
    for lifetime in generics.lifetimes() {
        errors.at(lifetime, "what is read from a store owns its data; use owned types, such as `String` for `&str`");
    }
}
