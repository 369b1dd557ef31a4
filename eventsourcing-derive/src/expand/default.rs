//! Defaults as functions that give JSON, for the tests of a lock. Nothing else calls them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, Type};

use super::schema::{Shapes, mentions};
use crate::model::{Fallback, WireField};

impl Shapes<'_> {
    /// The default of a field. Where it depends on a parameter of the type nothing is known of that, so there is none.
    pub(super) fn default(&self, field: &WireField) -> TokenStream {
        let (private, ident, ty) = (self.private, self.ident, &field.rust_type);
        let none = quote!(#private::DefaultValue::NONE);
        let Some(fallback) = &field.default else { return none };
        if self.is_generic(ty) {
            return none;
        }
        let (whole, value, part) = match fallback {
            Fallback::Type => (quote!(#ty), quote!(<#ty as #private::Default>::default()), quote!(__es_default)),
            Fallback::Function(path) => (quote!(#ty), quote!(#path()), quote!(__es_default)),
            Fallback::Container(_) if self.generics.is_some_and(|generics| !generics.params.is_empty()) => return none,
            Fallback::Container(member) => {
                (quote!(#ident), quote!(<#ident as #private::Default>::default()), quote!(__es_default.#member))
            }
        };
        quote! {
            #private::DefaultValue::of(|| {
                use #private::{NotShown as _, Shown, ShownAsDebug as _, ShownAsJson as _, ShownEmpty as _};
                let __es_default: #whole = #value;
                (&&&&Shown(&#part)).json()
            })
        }
    }

    fn is_generic(&self, ty: &Type) -> bool {
        let name = |parameter: &GenericParam| match parameter {
            GenericParam::Type(parameter) => Some(parameter.ident.to_string()),
            GenericParam::Const(parameter) => Some(parameter.ident.to_string()),
            GenericParam::Lifetime(_) => None,
        };
        let names: Vec<String> =
            self.generics.into_iter().flat_map(|generics| &generics.params).filter_map(name).collect();
        mentions(quote!(#ty), &names)
    }
}
