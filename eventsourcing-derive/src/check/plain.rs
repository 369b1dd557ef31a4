//! Types that JSON or a store cannot hold, told by their names: one message that says what to write, in place of what
//! rustc says of a missing schema.

use syn::{GenericArgument, PathArguments, Type, TypeReference};

use crate::{
    ast::Field,
    diag::{Errors, text_of},
};

/// Reports what cannot be stored in the type of a field.
pub(super) fn check(errors: &Errors, field: &Field<'_>) {
    if let Some((at, message)) = fault(field.ty, field) {
        errors.at(at, message);
    }
}

fn fault<'a>(ty: &'a Type, field: &Field<'_>) -> Option<(&'a Type, String)> {
    match ty {
        Type::Reference(reference) => borrowed(reference).map(|message| (ty, message)),
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            match name_of(ty).as_deref() {
                Some("u128" | "i128") => return Some((ty, wide(field))),
                Some(name @ ("usize" | "isize")) => return Some((ty, of_the_machine(name))),
                Some("PhantomData") => return None,
                _ => {}
            }
            arguments(&last.arguments).find_map(|ty| fault(ty, field))
        }
        Type::Tuple(tuple) => tuple.elems.iter().find_map(|ty| fault(ty, field)),
        Type::Array(array) => fault(&array.elem, field),
        _ => None,
    }
}

/// What only the program holds. A lifetime that is a parameter has its own message.
fn borrowed(reference: &TypeReference) -> Option<String> {
    reference.lifetime.as_ref().filter(|lifetime| lifetime.ident == "static")?;
    let owned = match name_of(&reference.elem).as_deref() {
        Some("str") => "`String`, or `Cow<'static, str>`, which".to_owned(),
        _ => {
            format!("an owned type, or `Cow<'static, {}>`, which", text_of(&reference.elem))
        }
    };
    Some(format!(
        "what is read from a store owns its data, and every event is read some day; write {owned} costs nothing where it is written"
    ))
}

fn wide(field: &Field<'_>) -> String {
    let name = field.name();
    if name_of(field.ty).is_some_and(|name| is_wide(&name)) {
        return format!(
            "JSON holds 128-bit integers only as text, for not every reader keeps such numbers: write `#[serde(with = \"eventsourcing::codec::as_text\")]` on `{name}`"
        );
    }
    format!(
        "JSON holds 128-bit integers only as text, for not every reader keeps such numbers: with the feature `serde_with` write `#[serde_as(as = \"{}\")]` on `{name}`",
        adapter(field.ty)
    )
}

fn of_the_machine(name: &str) -> String {
    let fixed = if name == "usize" { "u64" } else { "i64" };
    format!(
        "`{name}` has other limits on other machines, and what is stored outlives them; write `{fixed}`, or `#[schema(as = \"{fixed}\")]` if the field has to stay as it is"
    )
}

/// How `serde_as` writes a type with text in place of its wide integers.
fn adapter(ty: &Type) -> String {
    match ty {
        Type::Tuple(tuple) => {
            let parts: Vec<String> = tuple.elems.iter().map(adapter).collect();
            format!("({})", parts.join(", "))
        }
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return "_".to_owned() };
            let inner: Vec<String> = arguments(&last.arguments).map(adapter).collect();
            match last.ident.to_string() {
                name if is_wide(&name) => "DisplayFromStr".to_owned(),
                _ if inner.iter().all(|part| part == "_") => "_".to_owned(),
                name => format!("{name}<{}>", inner.join(", ")),
            }
        }
        _ => "_".to_owned(),
    }
}

fn is_wide(name: &str) -> bool {
    matches!(name, "u128" | "i128")
}

/// The last word of a path without arguments.
fn name_of(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

fn arguments(arguments: &PathArguments) -> impl Iterator<Item = &Type> {
    let list = match arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    list.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
