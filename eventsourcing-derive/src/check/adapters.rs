//! The modules and adapters that fields are written through, as far as their wire form is known.
//!
//! A module is known by its path alone, for a derive sees no types. A path that is written whole is rarely another's; and
//! what is read and written through it is compared with the shape by the tests of the lock.

use syn::{GenericArgument, LitStr, Path, PathArguments, Type};

use crate::model::{Adapter, Form};

/// What is known of the `with` of a field.
pub(super) enum Known<'a> {
    /// The type of the field as it stands, or another one in its place.
    Like(&'a Type),
    /// The type of the field through an adapter.
    Through(Adapter),
}

/// The modules whose form depends on nothing but their path. Each has a sibling for an `Option`.
const MODULES: &[(&str, &str, Form)] = &[
    ("chrono::serde::ts_seconds", "chrono::serde::ts_seconds_option", Form::Integer),
    ("chrono::serde::ts_milliseconds", "chrono::serde::ts_milliseconds_option", Form::Integer),
    ("chrono::serde::ts_microseconds", "chrono::serde::ts_microseconds_option", Form::Integer),
    ("chrono::serde::ts_nanoseconds", "chrono::serde::ts_nanoseconds_option", Form::Integer),
    ("humantime_serde", "humantime_serde::option", Form::Text),
    ("jiff::fmt::serde::timestamp::second::required", "jiff::fmt::serde::timestamp::second::optional", Form::Integer),
    (
        "jiff::fmt::serde::timestamp::millisecond::required",
        "jiff::fmt::serde::timestamp::millisecond::optional",
        Form::Integer,
    ),
    (
        "jiff::fmt::serde::timestamp::microsecond::required",
        "jiff::fmt::serde::timestamp::microsecond::optional",
        Form::Integer,
    ),
    ("rust_decimal::serde::str", "rust_decimal::serde::str_option", Form::Decimal),
    ("time::serde::rfc3339", "time::serde::rfc3339::option", Form::DateTime),
    ("time::serde::timestamp", "time::serde::timestamp::option", Form::Integer),
    ("time::serde::timestamp::milliseconds", "time::serde::timestamp::milliseconds::option", Form::Integer),
    ("time::serde::timestamp::microseconds", "time::serde::timestamp::microseconds::option", Form::Integer),
];

/// What `#[serde(with = ..)]` writes of a field of this type; `None` when it could be anything.
pub(super) fn known<'a>(with: &LitStr, ty: &'a Type) -> Option<Known<'a>> {
    let path: Path = with.parse().ok()?;
    if let Some(adapter) = inside_as(&path) {
        return Some(Known::Through(Adapter::Asked(Box::new(adapter))));
    }
    let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match names.join("::").as_str() {
        // Bytes are a list of numbers in JSON, with it and without it.
        "serde_bytes" => Some(Known::Like(ty)),
        DOUBLE_OPTION => option_inside(ty).map(Known::Like),
        _ if is_as_text(&names) => Some(Known::Through(Adapter::AsText)),
        path => {
            let module = |(one, option, form): &(&str, &str, Form)| {
                let optional = path == *option;
                (optional || path == *one).then_some(Adapter::Fixed { form: *form, optional })
            };
            MODULES.iter().find_map(module).map(Known::Through)
        }
    }
}

/// Whether it is the library's own module, which may have another name in the user's manifest.
fn is_as_text(path: &[String]) -> bool {
    match path {
        [library, codec, as_text] => {
            let is_local = matches!(library.as_str(), "crate" | "self" | "super");
            !is_local && codec == "codec" && as_text == "as_text"
        }
        _ => false,
    }
}

/// The module with which `Some(None)` is `null` and `None` is absent.
pub(super) const DOUBLE_OPTION: &str = "serde_with::rust::double_option";

/// `A` of `serde_with::As<A>`, which `#[serde_as(as = "A")]` makes of itself.
fn inside_as(path: &Path) -> Option<Type> {
    let mut from_the_end = path.segments.iter().rev();
    let (last, before) = (from_the_end.next()?, from_the_end.next()?);
    (last.ident == "As" && before.ident == "serde_with").then(|| only_argument(&last.arguments).cloned())?
}

/// `T` of `Option<T>`.
fn option_inside(ty: &Type) -> Option<&Type> {
    let Type::Path(ty) = ty else { return None };
    let last = ty.path.segments.last().filter(|last| last.ident == "Option")?;
    only_argument(&last.arguments)
}

fn only_argument(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(ty)) if arguments.args.len() == 1 => Some(ty),
        _ => None,
    }
}
