//! The derive macros of `eventsourcing`.

use proc_macro::TokenStream;

/// Makes an enum or a struct an event type.
#[proc_macro_derive(Event, attributes(event, schema, serde))]
pub fn derive_event(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// States the structural schema of a type.
#[proc_macro_derive(Schema, attributes(schema, serde))]
pub fn derive_schema(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Names the event type, the id and the category of an aggregate.
#[proc_macro_derive(Aggregate, attributes(aggregate))]
pub fn derive_aggregate(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}
