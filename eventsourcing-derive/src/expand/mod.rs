//! Writes the model out. Decides nothing: what may be derived has been checked.

mod aggregate;
mod bounds;
mod codec;
mod default;
mod event;
mod fallback;
mod fingerprint;
mod generics;
mod list;
mod lock;
mod origin;
mod raw_text;
mod recursion;
mod schema;
mod tokens;
mod unchanged;
mod value_check;
mod wire_types;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::{
    ast::{self, Input, Kind},
    attr::{AGGREGATE, Place, read},
    check,
    diag::Errors,
    list::List,
    path,
};

pub(crate) fn derive_event(input: &DeriveInput) -> TokenStream {
    let errors = Errors::new();
    let ast = Input::new(&errors, input, Kind::Event);
    let model = check::event(&errors, &ast);
    // What is in order is compared with the lock all the same.
    let sound = model.as_ref().filter(|_| !errors.is_empty()).and_then(event::sound_part);
    let fallback = || {
        let fallback = fallback::event(input, &path::private(&ast.own), ast.own.has("unlocked"));
        quote!(#fallback #sound)
    };
    finish(errors, model, event::event, fallback)
}

pub(crate) fn derive_schema(input: &DeriveInput) -> TokenStream {
    let errors = Errors::new();
    let ast = Input::new(&errors, input, Kind::Schema);
    let model = check::schema(&errors, &ast);
    let fallback = || fallback::schema(input, &path::private(&ast.own));
    finish(errors, model, schema::schema, fallback)
}

pub(crate) fn derive_aggregate(input: &DeriveInput) -> TokenStream {
    let errors = Errors::new();
    let own = read(&errors, &input.attrs, &AGGREGATE, Place::Struct);
    ast::read_inside(&errors, input, &AGGREGATE);
    let model = check::aggregate(&errors, input, &own);
    let fallback = || fallback::aggregate(input, &own);
    finish(errors, model, aggregate::aggregate, fallback)
}

/// The list of a crate's event types, held against its lock; what is wrong comes beside it, so that the catalog is there.
pub(crate) fn events_lock(list: &List) -> TokenStream {
    let errors = Errors::new();
    let claims = check::list(&errors, list);
    let expanded = list::list(list, &claims);
    let messages = errors.finish();
    quote!(#messages #expanded)
}

/// The derived code; after a mistake the messages, and an implementation that lets the rest of the crate compile.
fn finish<M>(
    errors: Errors,
    model: Option<M>,
    expand: impl Fn(&M) -> TokenStream,
    fallback: impl Fn() -> TokenStream,
) -> TokenStream {
    match (errors.finish(), model) {
        (None, Some(model)) => expand(&model),
        (messages, _) => {
            let fallback = fallback();
            quote!(#messages #fallback)
        }
    }
}
