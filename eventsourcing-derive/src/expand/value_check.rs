//! Asks the fields of a value whether reading would give them back.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{GenericArgument, Path, PathArguments, Type, spanned::Spanned};

use super::recursion::{is_leaf, is_wrapper};
use crate::{
    model::{Wire, WireType, WireVariant},
    tagging::Tagging,
};

/// One arm for each of the patterns behind which something may be refused; `whole` is the pattern of a struct, or of the
/// variant that has this wire form.
pub(super) fn arms(private: &Path, whole: &TokenStream, wire: &Wire) -> Vec<TokenStream> {
    let mut arms = Vec::new();
    add(private, whole, wire, &[], &mut arms);
    arms
}

/// A step from a value down to a part of it.
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

fn add(private: &Path, whole: &TokenStream, wire: &Wire, outer: &[&str], arms: &mut Vec<TokenStream>) {
    let mut parts: Vec<(Option<Step<'_>>, &WireType)> = Vec::new();
    match wire {
        Wire::Null => {}
        Wire::Same(ty) => parts.push((None, ty)),
        Wire::Tuple(types) => {
            parts.extend(types.iter().enumerate().map(|(index, ty)| (Some(Step::Index(index)), ty)));
        }
        Wire::Object { fields, .. } => parts.extend(
            fields
                .iter()
                .filter(|field| !field.read_only)
                .map(|field| ((!field.flatten).then_some(Step::Key(&field.name)), &field.ty)),
        ),
        Wire::Choice { tagging, variants } => {
            variants.iter().for_each(|variant| add_variant(private, tagging, variant, arms));
        }
    }
    let mut fields = Vec::new();
    let mut looks = Vec::new();
    for (step, WireType { ty, held, .. }) in parts {
        let Some(member) = held.as_ref().filter(|_| !is_exact(ty)) else { continue };
        let value = format_ident!("__es_{}", fields.len());
        let step = step.map(|step| match step {
            Step::Key(key) => quote!(#private::Step::Key(#key)),
            Step::Index(index) => quote!(#private::Step::Index(#index)),
        });
        let steps = outer.iter().map(|key| quote!(#private::Step::Key(#key))).chain(step);
        let look = quote_spanned!(ty.span()=> <#ty as #private::Schema>::check_value);
        fields.push(quote!(#member: ref #value));
        looks.push(quote!(#private::check_part(__es_check, &[#(#steps),*], #value, #look);));
    }
    if !looks.is_empty() {
        arms.push(quote!(#whole { #(#fields,)* .. } => { #(#looks)* }));
    }
}

fn add_variant(private: &Path, tagging: &Tagging, variant: &WireVariant, arms: &mut Vec<TokenStream>) {
    if variant.read_only {
        return;
    }
    let outer: &[&str] = match tagging {
        Tagging::External => &[&variant.name],
        Tagging::Adjacent(_, content) => &[content],
        Tagging::Internal(_) | Tagging::Untagged => &[],
    };
    let name = format_ident!("{}", variant.member);
    add(private, &quote!(Self::#name), &variant.wire, outer, arms);
}

/// Whether all values of the type are surely read back as they were written: so are numbers and text, and what holds these
/// alone.
fn is_exact(ty: &Type) -> bool {
    match ty {
        Type::Paren(paren) => is_exact(&paren.elem),
        Type::Group(group) => is_exact(&group.elem),
        Type::Reference(reference) => is_exact(&reference.elem),
        Type::Slice(slice) => is_exact(&slice.elem),
        Type::Array(array) => is_exact(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().all(is_exact),
        Type::Path(path) if path.qself.is_none() => {
            let arguments = path.path.segments.last().map(|last| &last.arguments);
            is_leaf(path)
                || matches!(arguments, Some(PathArguments::AngleBracketed(arguments)) if is_wrapper(path)
                && arguments.args.iter().all(|argument| match argument {
                    GenericArgument::Type(inner) => is_exact(inner),
                    _ => true,
                }))
        }
        _ => false,
    }
}
