//! Fields that look as they are locked, as far as the text of their types tells.

use syn::{GenericArgument, PathArguments, Type};

use super::recursion::is_leaf;
use crate::{
    lock::{Field, Shape},
    model::{Absent, WireField},
};

/// Whether the field has the form in which this locked shape has it.
///
/// A type need not be what its name says, so this proves nothing: it only decides that a difference would be reported at the
/// event and not at the field. A comparison with a place of its own is a constant of its own, which costs the compiler more
/// than the field does.
pub(super) fn looks_unchanged(field: &WireField, locked: &Shape) -> bool {
    let Shape::Struct { fields, .. } = locked else { return false };
    let WireField { name, aliases, ty, absent, flatten, read_only, default, .. } = field;
    let written_plainly = ty.held.is_some() && !ty.cut && !flatten && !read_only;
    let is_it = |locked: &&Field| locked.name.as_ref() == Some(name);
    fields.iter().find(is_it).is_some_and(|locked| {
        written_plainly
            && default.is_none()
            && locked.default.is_none()
            && locked.aliases == *aliases
            && matches!(absent, Absent::AsType)
            && locked.optional == matches!(locked.shape, Shape::Option(_))
            && is_written_as(&ty.ty, &locked.shape)
    })
}

/// Whether a type with this name is written like that. It knows the plainest types only.
fn is_written_as(ty: &Type, shape: &Shape) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    let inner = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(inner)) if arguments.args.len() == 1 => Some(inner),
            _ => return false,
        },
        _ => None,
    };
    let name = last.ident.to_string();
    match (name.as_str(), inner, shape) {
        ("Option", Some(inner), Shape::Option(shape)) | ("Vec", Some(inner), Shape::List(shape)) => {
            is_written_as(inner, shape)
        }
        ("Box", Some(inner), _) => is_written_as(inner, shape),
        ("String", None, Shape::Leaf(leaf)) => leaf.word == "string",
        (_, None, Shape::Leaf(leaf)) => is_leaf(path) && leaf.word == name,
        _ => false,
    }
}
