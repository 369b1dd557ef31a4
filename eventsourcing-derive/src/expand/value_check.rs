//! Asks the fields of a value whether reading would give them back.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{GenericArgument, Generics, Path, PathArguments, Type, spanned::Spanned};

use super::{
    generics::{mentions, parameters},
    raw_text,
    recursion::{is_leaf, is_wrapper},
};
use crate::{
    model::{Wire, WireType, WireVariant},
    tagging::Tagging,
};

/// Writes one arm for each of the patterns behind which something may be refused.
pub(super) struct Arms<'a> {
    private: &'a Path,
    /// The type's own parameters.
    parameters: Vec<String>,
    written: Vec<TokenStream>,
}

/// A step from a value down to a part of it.
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Arms<'a> {
    pub(super) fn new(private: &'a Path, generics: Option<&Generics>) -> Self {
        Self { private, parameters: generics.map(parameters).unwrap_or_default(), written: Vec::new() }
    }

    /// The arms, unless there is nothing to refuse.
    pub(super) fn finish(self) -> Option<TokenStream> {
        let arms = self.written;
        (!arms.is_empty()).then(|| quote!(#(#arms)* _ => {}))
    }

    /// Adds those of a struct, or of the variant that has this wire form; `whole` is its pattern.
    pub(super) fn add(&mut self, whole: &TokenStream, wire: &Wire) {
        self.add_within(whole, wire, &[]);
    }

    fn add_within(&mut self, whole: &TokenStream, wire: &Wire, outer: &[&str]) {
        let private = self.private;
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
                for variant in variants {
                    self.add_variant(tagging, variant);
                }
            }
        }
        let mut fields = Vec::new();
        let mut looks = Vec::new();
        for (step, part) in parts {
            let Some(member) = part.held.as_ref().filter(|_| self.is_looked_at(part)) else { continue };
            let ty = raw_text::asked(part.ty.clone(), private);
            let value = format_ident!("__es_{}", fields.len());
            let step = step.map(|step| match step {
                Step::Key(key) => quote!(#private::Step::Key(#key)),
                Step::Index(index) => quote!(#private::Step::Index(#index)),
            });
            let steps = outer.iter().map(|key| quote!(#private::Step::Key(#key))).chain(step);
            let look = quote_spanned!(part.ty.span()=> <#ty as #private::Schema>::check_value);
            fields.push(quote!(#member: ref #value));
            looks.push(quote!(#private::check_part(__es_check, &[#(#steps),*], #value, #look);));
        }
        if !looks.is_empty() {
            self.written.push(quote!(#whole { #(#fields,)* .. } => { #(#looks)* }));
        }
    }

    fn add_variant(&mut self, tagging: &Tagging, variant: &WireVariant) {
        if variant.read_only {
            return;
        }
        let outer: &[&str] = match tagging {
            Tagging::External => &[&variant.name],
            Tagging::Adjacent(_, content) => &[content],
            Tagging::Internal(_) | Tagging::Untagged => &[],
        };
        let name = format_ident!("{}", variant.member);
        self.add_within(&quote!(Self::#name), &variant.wire, outer);
    }

    /// Whether the value of a field may be refused. What `#[schema(recursive)]` cuts off in a generic type has a schema only
    /// for some of its parameters, so it is not looked at.
    fn is_looked_at(&self, WireType { ty, cut, .. }: &WireType) -> bool {
        let is_cut_off = *cut && mentions(ty.to_token_stream(), &self.parameters);
        !is_exact(ty) && !is_cut_off
    }
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
