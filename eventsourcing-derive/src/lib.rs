//! The derive macros of `eventsourcing`: the way in, and nothing else.
//!
//! A derive parses the type (`ast`, by the tables in `attr`), checks it (`check`, which reports every mistake and makes
//! the `model`), and writes the model out (`expand`). The generated code names only `eventsourcing::__private`.

mod ast;
mod attr;
mod case;
mod check;
mod diag;
mod expand;
#[expect(unreachable_pub, reason = "the library shares the file, and its generated code names these")]
mod hash;
mod list;
mod lock;
mod model;
mod mutants;
mod path;
mod tagging;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes an enum or a struct an event type.
///
/// Every key is in the attribute reference of the `eventsourcing` crate.
#[proc_macro_derive(Event, attributes(event, schema, serde))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::derive_event(&input).into()
}

/// States the structural schema of a type, as serde writes and reads it.
///
/// Every key is in the attribute reference of the `eventsourcing` crate.
#[proc_macro_derive(Schema, attributes(schema, serde))]
pub fn derive_schema(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::derive_schema(&input).into()
}

/// Names the event type, the id and the category of an aggregate, and how its state is cached.
///
/// Every key is in the attribute reference of the `eventsourcing` crate.
#[proc_macro_derive(Aggregate, attributes(aggregate))]
pub fn derive_aggregate(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::derive_aggregate(&input).into()
}

/// Holds a crate to its `events.lock`: each section must be claimed by one of the event types that are named here.
///
/// The pages of the `eventsourcing` crate have the rules. It makes the constant `EVENTS`, the catalog of the types.
#[proc_macro]
pub fn events_lock(input: TokenStream) -> TokenStream {
    let list = parse_macro_input!(input as list::List);
    expand::events_lock(&list).into()
}
