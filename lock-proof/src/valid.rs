//! Which types the derives and serde take: what they refuse proves nothing.

use eventsourcing::{
    __private::{has_mistaken_values, mistaken_for},
    schema::Shape,
};

use crate::{
    model::{Content, Def, Enum, Field, Leaf, Tagging, Ty, Variant, Wrapper},
    shape::shape,
};

/// Whether this is the type of a payload that compiles.
pub(crate) fn is_valid(ty: &Ty) -> bool {
    matches!(ty, Ty::Def(_)) && is_valid_in(ty, Place::default()) && !has_mistaken_values(&shape(ty))
}

#[derive(Clone, Copy, Default)]
struct Place {
    /// serde looks at the value before it knows its type.
    buffered: bool,
    flattened: bool,
}

fn is_valid_in(ty: &Ty, place: Place) -> bool {
    match ty {
        Ty::Leaf(_) | Ty::Set(_) | Ty::Heap(_) => true,
        Ty::Ordered(inner) => matches!(**inner, Ty::Set(_) | Ty::Map(..)) && is_valid_in(inner, place),
        Ty::Itself(_) => !place.flattened,
        Ty::Option(inner) => !may_be_null(inner) && is_valid_in(inner, place),
        Ty::Boxed(inner) | Ty::List(inner) => is_valid_in(inner, place),
        Ty::Array(inner, length) => *length > 0 && is_valid_in(inner, place),
        Ty::Tuple(types) => !types.is_empty() && types.iter().all(|ty| is_valid_in(ty, place)),
        Ty::Map(key, inner) => (!place.buffered || is_text(*key)) && is_valid_in(inner, place),
        Ty::Def(def) => match &**def {
            Def::Struct { fields, closed } => are_valid(fields, *closed, place),
            Def::Newtype(inner) => !matches!(inner, Ty::Itself(_)) && is_valid_in(inner, place),
            Def::Enum(choice) => is_valid_enum(choice, place),
        },
    }
}

fn may_be_null(ty: &Ty) -> bool {
    match ty {
        Ty::Leaf(Leaf::Unit) | Ty::Option(_) | Ty::Itself(_) => true,
        Ty::Boxed(inner) => may_be_null(inner),
        Ty::Def(def) => match &**def {
            Def::Newtype(inner) => may_be_null(inner),
            Def::Enum(Enum { tagging: Tagging::Untagged, variants }) => {
                variants.iter().any(|variant| match &variant.content {
                    Content::Unit => true,
                    Content::Newtype(ty) => may_be_null(ty),
                    _ => false,
                })
            }
            _ => false,
        },
        _ => false,
    }
}

fn is_text(key: Leaf) -> bool {
    matches!(key, Leaf::String | Leaf::Char | Leaf::Uuid | Leaf::Ip)
}

fn are_valid(fields: &[Field], closed: bool, place: Place) -> bool {
    let names: Vec<&str> = fields.iter().flat_map(names).collect();
    let is_unique = |(at, name): (usize, &&str)| !names[..at].contains(name);
    let map = fields.iter().position(|field| field.flatten && matches!(field.ty, Ty::Map(..)));
    let no_others = |field: &Field| !field.flatten || matches!(field.ty, Ty::Map(..)) || takes_its_keys(&field.ty);
    names.iter().enumerate().all(is_unique)
        && !(closed && fields.iter().any(|field| field.flatten))
        // A flattened map takes all keys that are left, so it is the last, and what is beside it takes its own.
        && map.is_none_or(|at| at + 1 == fields.len() && fields.iter().all(no_others))
        && fields.iter().all(|field| is_valid_field(field, place))
}

fn is_valid_field(field: &Field, place: Place) -> bool {
    let inside = Place { buffered: place.buffered || field.flatten, flattened: place.flattened || field.flatten };
    (!field.default || (field.ty.has_default() && !field.flatten))
        && (!field.given || field.given().is_some())
        && (!field.skip
            || matches!(field.ty, Ty::Option(_))
            || (field.default && matches!(field.ty, Ty::List(_) | Ty::Map(..))))
        && (!field.unwritten || ((field.default || is_option(&field.ty)) && !field.skip && !field.flatten))
        && (!field.flatten || (can_be_flattened(&field.ty) && field.aliases.is_empty()))
        && is_valid_in(&field.ty, inside)
}

fn can_be_flattened(ty: &Ty) -> bool {
    match ty {
        Ty::Map(key, _) => is_text(*key),
        // It is there when a required field is.
        Ty::Option(inner) => is_plain_struct(inner) && has_required_field(inner),
        Ty::Def(def) => match &**def {
            Def::Enum(choice) => {
                let is_plain = |variant: &Variant| {
                    matches!(&variant.content, Content::Unit | Content::Struct(_))
                        || matches!(&variant.content, Content::Newtype(ty) if is_plain_struct(ty))
                };
                !matches!(choice.tagging, Tagging::Untagged) && choice.variants.iter().all(is_plain)
            }
            _ => is_plain_struct(ty),
        },
        _ => false,
    }
}

/// Whether serde knows all of its keys beforehand, and leaves none of them to a flattened map beside it.
fn takes_its_keys(ty: &Ty) -> bool {
    match ty {
        Ty::Option(inner) => takes_its_keys(inner),
        Ty::Def(def) if matches!(&**def, Def::Enum(_)) => {
            matches!(&**def, Def::Enum(Enum { tagging: Tagging::External | Tagging::Adjacent(..), .. }))
        }
        _ => is_plain_struct(ty),
    }
}

/// Whether it is a struct in which nothing is flattened.
fn is_plain_struct(ty: &Ty) -> bool {
    match ty {
        Ty::Def(def) => matches!(&**def, Def::Struct { fields, .. } if fields.iter().all(|field| !field.flatten)),
        _ => false,
    }
}

fn has_required_field(ty: &Ty) -> bool {
    let Ty::Def(def) = ty else { return false };
    let Def::Struct { fields, .. } = &**def else { return false };
    fields.iter().any(|field| !field.default && !is_option(&field.ty))
}

/// Whether serde reads it from nothing.
fn is_option(ty: &Ty) -> bool {
    match ty {
        Ty::Option(_) | Ty::Itself(Wrapper::Option) => true,
        Ty::Boxed(inner) => is_option(inner),
        _ => false,
    }
}

/// The keys of an object that a field may take, as far as they can be told.
fn names(field: &Field) -> Vec<&str> {
    if field.flatten {
        return merged_names(&field.ty);
    }
    std::iter::once(&field.name).chain(&field.aliases).map(String::as_str).collect()
}

fn merged_names(ty: &Ty) -> Vec<&str> {
    let Ty::Def(def) = ty else {
        return if let Ty::Option(inner) = ty { merged_names(inner) } else { Vec::new() };
    };
    match &**def {
        Def::Struct { fields, .. } => fields.iter().flat_map(names).collect(),
        Def::Newtype(_) => Vec::new(),
        Def::Enum(Enum { tagging, variants }) => match tagging {
            Tagging::External => variants.iter().flat_map(variant_names).collect(),
            Tagging::Adjacent(tag, content) => vec![tag, content],
            Tagging::Internal(tag) => {
                let mut all = vec![tag.as_str()];
                for name in variants.iter().flat_map(|variant| content_names(&variant.content)) {
                    if !all.contains(&name) {
                        all.push(name);
                    }
                }
                all
            }
            Tagging::Untagged => Vec::new(),
        },
    }
}

fn content_names(content: &Content) -> Vec<&str> {
    match content {
        Content::Struct(fields) => fields.iter().flat_map(names).collect(),
        Content::Newtype(ty) => merged_names(ty),
        _ => Vec::new(),
    }
}

fn variant_names(variant: &Variant) -> impl Iterator<Item = &str> {
    std::iter::once(&variant.name).chain(&variant.aliases).map(String::as_str)
}

fn is_valid_enum(choice: &Enum, place: Place) -> bool {
    let Enum { tagging, variants } = choice;
    let names: Vec<&str> = variants.iter().flat_map(variant_names).collect();
    let is_unique = |(at, name): (usize, &&str)| !names[..at].contains(name);
    let place = match tagging {
        Tagging::Internal(_) | Tagging::Untagged => Place { buffered: true, ..place },
        _ => place,
    };
    let is_valid = |variant: &Variant| {
        let can_be_other = matches!(tagging, Tagging::Internal(_) | Tagging::Adjacent(..));
        (!variant.other || (can_be_other && matches!(variant.content, Content::Unit)))
            && has_room(tagging, &variant.content)
            && is_valid_content(&variant.content, place)
    };
    !variants.is_empty()
        && names.iter().enumerate().all(is_unique)
        && variants.iter().filter(|variant| variant.other).count() <= 1
        && variants.iter().rposition(|variant| variant.other).is_none_or(|at| at + 1 == variants.len())
        && !matches!(tagging, Tagging::Adjacent(tag, content) if tag == content)
        && variants.iter().all(is_valid)
        && !(matches!(tagging, Tagging::Untagged) && (is_mistaken(choice) || variants.iter().any(is_the_whole)))
}

/// Whether reading an untagged variant is reading the enum again from the same value, without end.
fn is_the_whole(variant: &Variant) -> bool {
    matches!(&variant.content, Content::Newtype(Ty::Itself(Wrapper::Option)))
}

/// Whether a variant is always read as an earlier one. The rule is the library's own: what it refuses proves nothing.
fn is_mistaken(choice: &Enum) -> bool {
    let whole = shape(&Ty::Def(Box::new(Def::Enum(choice.clone()))));
    let whole = if let Shape::Recursive(inner) = whole { *inner } else { whole };
    let Shape::Enum { variants, .. } = whole else { return false };
    (1..variants.len()).any(|index| mistaken_for(variants, index).is_some())
}

/// Whether the tag fits beside the content, where it has to.
fn has_room(tagging: &Tagging, content: &Content) -> bool {
    match (tagging, content) {
        (Tagging::Internal(_), Content::Tuple(_)) => false,
        (Tagging::Internal(tag), Content::Newtype(ty)) => {
            is_plain_struct(ty) && !merged_names(ty).contains(&tag.as_str())
        }
        (Tagging::Internal(tag), content) => !content_names(content).contains(&tag.as_str()),
        _ => true,
    }
}

fn is_valid_content(content: &Content, place: Place) -> bool {
    match content {
        Content::Unit => true,
        Content::Newtype(ty) => is_valid_in(ty, place),
        Content::Tuple(types) => types.len() > 1 && types.iter().all(|ty| is_valid_in(ty, place)),
        Content::Struct(fields) => are_valid(fields, false, place),
    }
}
