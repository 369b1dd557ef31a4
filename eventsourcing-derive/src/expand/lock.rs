//! The locked shapes as constants, their comparison with the code, and the tests that keep the lock fresh.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Ident, Path, Type, ext::IdentExt, spanned::Spanned};

use super::{origin::in_a_module, schema, tokens::path_at, unchanged::looks_unchanged};
use crate::{
    case::tag_word,
    diag::text_of,
    lock::{Behind, Features, Field, Location, LockedEvent, Shape, Variant},
    model::{Event, Lock, Own, PayloadStyle, Wire},
    tagging::Tagging,
};

/// The constant that holds the shape of this older version of the event at this index, and its fingerprint.
pub(super) fn older_name(index: usize, version: u16) -> Ident {
    format_ident!("__ES_SHAPE_{index}_V{version}")
}

/// The constant that holds today's shape of the event at this index, and its fingerprint.
pub(super) fn shape_name(index: usize) -> Ident {
    format_ident!("__ES_SHAPE_{index}")
}

/// What is compared while the crate compiles, and what the tests are told.
pub(super) fn checks(model: &Event<'_>, lock: &Lock) -> TokenStream {
    let private = &model.private;
    let (compared, locked) = compared_all(model, lock, |_| true);
    let (text, tested) = (text(private, lock), tested(model, lock, &locked));
    quote! {
        #compared
        // A change of the variable or of the file compiles the crate anew.
        const _: #private::Option<&str> = #private::option_env!("EVENTS_LOCK_FILE");
        const _: #private::Option<&[#private::u8]> = #text;
        #tested
    }
}

/// The locked versions of the events that are `wanted` against the types that read them, and what can be told without;
/// beside it the locked shapes as expressions.
pub(super) fn compared_all(
    model: &Event<'_>,
    lock: &Lock,
    wanted: impl Fn(&Own<'_>) -> bool,
) -> (TokenStream, Vec<TokenStream>) {
    let Event { private, own, .. } = model;
    let mut constants = Constants { private, known: HashMap::new(), items: TokenStream::new() };
    let locked: Vec<TokenStream> = lock.found.events.iter().map(|event| constants.shape(&event.shape)).collect();
    let of_event = |(event, shape): (&LockedEvent, &TokenStream)| {
        let is_it = |(_, own): &(usize, &Own<'_>)| own.tag.value() == event.tag && wanted(own);
        let (index, own) = (0..).zip(own).find(is_it)?;
        Some(compared(model, own, index, event, shape))
    };
    let compared: Vec<_> = lock.found.events.iter().zip(&locked).filter_map(of_event).collect();
    let (items, mistakes) = (constants.items, &lock.mistakes);
    (quote!(#mistakes #items #(const _: () = { #compared };)*), locked)
}

/// The file as it is compiled in.
fn text(private: &Path, lock: &Lock) -> TokenStream {
    if !lock.found.exists {
        return quote!(#private::Option::None);
    }
    let bytes = included(private, &lock.found.location);
    quote!(#private::Option::Some(#bytes))
}

/// The bytes of the lock at this place: a change of the file compiles the crate anew.
pub(super) fn included(private: &Path, location: &Location) -> TokenStream {
    let path = match location {
        Location::Manifest => quote!(#private::concat!(#private::env!("CARGO_MANIFEST_DIR"), "/events.lock")),
        Location::Stated(path) => quote!(#path),
    };
    quote!(#private::include_bytes!(#path))
}

/// One locked version of an event against the type that reads it.
fn compared(model: &Event<'_>, own: &Own<'_>, index: usize, event: &LockedEvent, locked: &TokenStream) -> TokenStream {
    let (private, ident, single) = (&model.private, model.ident, model.single);
    let LockedEvent { tag, version, shape } = event;
    let fingerprint = shape.fingerprint();
    let writes_old = writes_old();
    let head = |now: TokenStream, same: TokenStream, advice: String, old: TokenStream| {
        quote! {
            const EVENT: #private::LockCheck<'_> = #private::LockCheck {
                tag: #tag, version: #version, advice: #advice, same: #same == #fingerprint, now: #now, locked: &#locked,
                old: #old, writes_old: #writes_old,
            };
        }
    };
    if let Some(ty) = own.older.get(usize::from(*version) - 1) {
        let span = ty.span();
        let here = path_at(private, span);
        let advice = advice_on_older(*version, ty);
        let now = older_name(index, *version);
        let name = text_of(ty);
        let name = name.split('<').next().and_then(|path| path.rsplit("::").next()).unwrap_or(&name);
        let old = quote!(#private::OldType { name: #name, into: "", variant: "", hidden: &[] });
        let head = head(quote!(&#now.0), quote!(#now.1), advice, old);
        return quote_spanned!(span=> #head const _: () = #here::check_whole(&EVENT););
    }
    if *version != own.version {
        // A version that the code has no type for is reported by its number.
        return TokenStream::new();
    }
    let now = shape_name(index);
    let head = head(quote!(&#now.0), quote!(#now.1), advice(own), old_type(private, ident, single, own));
    let (names, spans) = fields(own, shape);
    let per_field = names.iter().zip(&spans).map(|(name, span)| {
        let here = path_at(private, *span);
        quote_spanned!(*span=> const _: () = #here::check_field(&EVENT, #name);)
    });
    let span = own.whole_at();
    let here = path_at(private, span);
    let rest = quote_spanned!(span=> const _: () = #here::check_rest(&EVENT, &[#(#names),*]););
    quote!(#head #(#per_field)* #rest)
}

/// The fields that are compared one by one, so that a difference is reported at its place in the code: their names on the
/// wire, and their places.
fn fields<'a>(own: &'a Own<'_>, locked: &Shape) -> (Vec<&'a str>, Vec<Span>) {
    match &own.payload.wire {
        Wire::Object { fields, .. } => fields
            .iter()
            .filter(|field| !field.flatten && !looks_unchanged(field, locked))
            .map(|field| (field.name.as_str(), field.span))
            .unzip(),
        _ => (Vec::new(), Vec::new()),
    }
}

/// The type that a new version would leave behind, and what it becomes.
fn old_type(private: &Path, ident: &Ident, single: bool, own: &Own<'_>) -> TokenStream {
    let name = format!("{}V{}", own.ident.unraw(), own.version);
    let (into, variant, hidden) = match (single, own.payload.style, own.payload.fields.first()) {
        (false, PayloadStyle::Newtype, Some(field)) => (text_of(field.ty), String::new(), Vec::new()),
        (true, ..) => (ident.to_string(), String::new(), Vec::new()),
        _ => (ident.to_string(), own.ident.to_string(), hidden(own)),
    };
    quote!(#private::OldType { name: #name, into: #into, variant: #variant, hidden: &[#(#hidden),*] })
}

/// The fields of a variant that are not stored.
fn hidden(own: &Own<'_>) -> Vec<String> {
    let stored = match &own.payload.wire {
        Wire::Object { fields, .. } => fields.as_slice(),
        _ => &[],
    };
    let members = own.payload.fields.iter().map(|field| field.member.to_token_stream().to_string());
    members.filter(|member| stored.iter().all(|field| field.member != *member)).collect()
}

/// Whether types of locked shapes are asked for: `EVENTS_LOCK=old cargo check`.
///
/// Cargo need not know of the variable. What does not compile is compiled anew each time, and nothing else says a type.
fn writes_old() -> bool {
    std::env::var_os("EVENTS_LOCK").is_some_and(|value| value == "old")
}

/// How to write the change as a new version.
fn advice(own: &Own<'_>) -> String {
    let next = u32::from(own.version) + 1;
    let mut steps: Vec<String> =
        (1..).zip(&own.older).map(|(number, ty): (u32, _)| format!("{number} = {}", text_of(ty))).collect();
    steps.push(format!("{} = {}V{}", own.version, own.ident.unraw(), own.version));
    let name = format!("{}V{}", own.ident.unraw(), own.version);
    format!(
        "{}if the change is meant, keep the locked shape as the type `{name}` and make this version {next}:\n  `#[event(version = {next}, upcast({}))]`",
        hint(),
        steps.join(", ")
    )
}

/// How to mend the type of an older version.
fn advice_on_older(version: u16, ty: &Type) -> String {
    format!("{}`{}` is the type of version {version} as it is stored: write it as it is locked", hint(), text_of(ty))
}

/// A line about features, where there are any: a derive does not see what a `#[cfg(..)]` has taken away.
fn hint() -> String {
    Features::of_the_package().hint().map(|hint| format!("{hint}\n")).unwrap_or_default()
}

impl Own<'_> {
    /// Where a difference is reported that is in no field: at the payload's type, or else at the event.
    fn whole_at(&self) -> Span {
        match (self.payload.style, self.payload.fields.first()) {
            (PayloadStyle::Newtype, Some(field)) => field.ty.span(),
            _ => self.ident.span(),
        }
    }
}

/// The tests beside the type, which are told what this was compiled with.
fn tested(model: &Event<'_>, lock: &Lock, locked: &[TokenStream]) -> TokenStream {
    let Event { ident, private, .. } = model;
    let (name, section) = (ident.unraw().to_string(), &lock.section);
    let features = Features::of_the_package().asked_for;
    let features = features.iter().map(|name| quote!((#name, #private::cfg!(feature = #name))));
    let (text, in_a_module) = (text(private, lock), in_a_module(ident, private));
    let events =
        lock.found.events.iter().zip(locked).map(
            |(LockedEvent { tag, version, .. }, shape)| quote!(#private::LockedEvent::new(#tag, #version, &#shape)),
        );
    quote! {
        #[cfg(test)]
        #[automatically_derived]
        impl #private::Compiled for #ident {
            const LOCK: #private::Lock = #private::Lock {
                type_name: #name,
                section: #section,
                compiled: #text,
                manifest_dir: #private::env!("CARGO_MANIFEST_DIR"),
                source: #private::file!(),
                events: &[#(#events),*],
                is_listed: {
                    // What the bound type has of its own wins over what any type has.
                    use #private::MayBeListed as _;
                    #private::IsListed::<#ident>::YES
                },
                module: #private::module_path!(),
                features: &[#(#features),*],
            };
        }
        #in_a_module
    }
}

/// Functions and not a module of them: a type may stand inside a function, where no path of a module leads to it.
pub(super) fn tests(model: &Event<'_>) -> TokenStream {
    let Event { ident, private, .. } = model;
    let word = tag_word(&ident.unraw().to_string());
    let (fresh, history) = (format_ident!("events_lock_of_{word}"), format_ident!("events_lock_history_of_{word}"));
    let lints = quote!(#[allow(clippy::all, clippy::pedantic, clippy::restriction, unnameable_test_items, unused_qualifications)]);
    quote! {
        #[cfg(test)]
        #[doc(hidden)]
        #lints
        #[::core::prelude::v1::test]
        fn #fresh() -> #private::Result<(), #private::Failure> {
            #private::lock_is_fresh::<#ident>()
        }
        #[cfg(test)]
        #[doc(hidden)]
        #lints
        #[::core::prelude::v1::test]
        fn #history() -> #private::Result<(), #private::Failure> {
            #private::locked_history_is_readable::<#ident>()
        }
    }
}

/// The adapter that a lock notes beside a shape, or the constant that stands for none.
fn locked(text: Option<&str>) -> TokenStream {
    text.map_or_else(|| quote!(UNKNOWN), |text| quote!(locked(#text)))
}

/// Shapes as constants; structs and enums that come again are written once.
struct Constants<'a> {
    private: &'a Path,
    known: HashMap<u64, Ident>,
    items: TokenStream,
}

impl Constants<'_> {
    fn shape(&mut self, shape: &Shape) -> TokenStream {
        let private = self.private;
        let variant = |name: &str| {
            let variant = format_ident!("{name}");
            quote!(#private::Shape::#variant)
        };
        match shape {
            Shape::Leaf(leaf) => {
                let outer = variant(leaf.variant);
                match leaf.inner {
                    Some(inner) => {
                        let (ty, inner) = (format_ident!("{}", leaf.variant), format_ident!("{inner}"));
                        quote!(#outer(#private::#ty::#inner))
                    }
                    None => outer,
                }
            }
            Shape::NonZero(leaf) => {
                let inner = leaf.inner.map(|inner| format_ident!("{inner}"));
                quote!(#private::Shape::NonZero(#private::Integer::#inner))
            }
            Shape::Text(format) => quote!(#private::Shape::Text(#format)),
            Shape::Option(inner) => self.around("Option", inner),
            Shape::List(inner) => self.around("List", inner),
            Shape::Set(inner) => self.around("Set", inner),
            Shape::Ordered(inner) => self.around("Ordered", inner),
            Shape::Format(format, inner) => {
                let inner = self.shape(inner);
                quote!(#private::Shape::Format(#format, &#inner))
            }
            Shape::Recursive(inner) => self.around("Recursive", inner),
            Shape::Stated(adapter, inner) => {
                let inner = self.shape(inner);
                let adapter = locked(adapter.as_deref());
                quote!(#private::Shape::Stated(&#inner, #private::Adapter::#adapter))
            }
            Shape::Array(length, inner) => {
                let inner = self.shape(inner);
                quote!(#private::Shape::Array(&#inner, #length))
            }
            Shape::Tuple(shapes) => {
                let shapes: Vec<_> = shapes.iter().map(|shape| self.shape(shape)).collect();
                quote!(#private::Shape::Tuple(&[#(#shapes),*]))
            }
            Shape::Map(key, value) => {
                let (key, value) = (self.shape(key), self.shape(value));
                quote!(#private::Shape::Map { key: &#key, value: &#value })
            }
            Shape::Cut(behind) => {
                let beyond = match behind {
                    Behind::Unknown => quote!(UNKNOWN),
                    Behind::Back(steps) => quote!(back(#steps)),
                    Behind::Shape(inner) => {
                        let inner = self.shape(inner);
                        quote!(locked(&#inner))
                    }
                };
                quote!(#private::Shape::Cut(#private::CutTarget::#beyond))
            }
            Shape::Struct { .. } | Shape::Enum { .. } => self.named(shape),
        }
    }

    fn around(&mut self, name: &str, inner: &Shape) -> TokenStream {
        let (private, name, inner) = (self.private, format_ident!("{name}"), self.shape(inner));
        quote!(#private::Shape::#name(&#inner))
    }

    /// Equal numbers stand for equal shapes here as everywhere, so the first one does for all.
    fn named(&mut self, shape: &Shape) -> TokenStream {
        let identity = shape.identity();
        if let Some(name) = self.known.get(&identity) {
            return quote!(#name);
        }
        let value = match shape {
            Shape::Struct { fields, closed } => self.structure(fields, *closed),
            Shape::Enum { tagging, variants } => self.choice(tagging, variants),
            other => return self.shape(other),
        };
        let name = format_ident!("__ES_LOCKED_{}", self.known.len());
        let private = self.private;
        self.items.extend(quote!(const #name: #private::Shape = #value;));
        self.known.insert(identity, name.clone());
        quote!(#name)
    }

    fn structure(&mut self, fields: &[Field], closed: bool) -> TokenStream {
        let private = self.private;
        let fields: Vec<_> = fields
            .iter()
            .map(|Field { name, aliases, optional, shape, default }| {
                let (flatten, name, shape) = (name.is_none(), name.as_deref().unwrap_or(""), self.shape(shape));
                let aliases = schema::said_aliases(aliases);
                let optional = optional.then(|| quote!(.optional(true)));
                let flatten = flatten.then(|| quote!(.flatten()));
                let default = default.as_deref().map(|text| quote!(.default(#private::DefaultValue::locked(#text))));
                quote!(#private::Field::new(#name, #shape) #aliases #optional #flatten #default)
            })
            .collect();
        quote!(#private::Shape::Struct { fields: &[#(#fields),*], closed: #closed })
    }

    fn choice(&mut self, tagging: &Tagging, variants: &[Variant]) -> TokenStream {
        let private = self.private;
        let variants = variants.iter().map(|Variant { name, aliases, other, shape }| {
            let shape = self.shape(shape);
            let aliases = schema::said_aliases(aliases);
            let other = other.then(|| quote!(.other()));
            quote!(#private::Variant::new(#name, #shape) #aliases #other)
        });
        schema::choice(private, tagging, variants)
    }
}
