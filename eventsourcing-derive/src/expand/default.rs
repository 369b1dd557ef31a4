//! What the tests of a lock call: defaults as functions that give JSON, and the readers behind stated shapes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, Type};

use super::{generics::mentions, schema::Shapes};
use crate::model::{Fallback, Stated, WireField};

impl Shapes<'_> {
    /// The default of a field. Where it depends on a parameter of the type nothing is known of that, so there is none.
    pub(super) fn default(&self, field: &WireField) -> Option<TokenStream> {
        let (private, ident, ty) = (self.private, self.ident, &field.rust_type);
        let fallback = field.default.as_ref()?;
        if self.is_generic(ty) {
            return None;
        }
        let (whole, value, part) = match fallback {
            Fallback::Type => (quote!(#ty), quote!(<#ty as #private::Default>::default()), quote!(__es_default)),
            Fallback::Function(path) => (quote!(#ty), quote!(#path()), quote!(__es_default)),
            Fallback::Container(_) if self.generics.is_some_and(|generics| !generics.params.is_empty()) => return None,
            Fallback::Container(member) => {
                (quote!(#ident), quote!(<#ident as #private::Default>::default()), quote!(__es_default.#member))
            }
        };
        Some(quote! {
            #private::DefaultValue::of(|| {
                use #private::{NotShown as _, Shown, ShownAsDebug as _, ShownAsJson as _, ShownEmpty as _};
                let __es_default: #whole = #value;
                (&&&&Shown(&#part)).json()
            })
        })
    }

    /// What stands behind a stated shape, and whether it reads some JSON.
    pub(super) fn adapter(&self, stated: &Stated) -> TokenStream {
        let (private, Stated { ty, name, read }) = (self.private, stated);
        if self.is_generic(ty) {
            return quote!(#private::Adapter::UNKNOWN);
        }
        let reads = if let Some(read) = read {
            quote!(#private::reads_by::<#ty>(__es_json, |__es_json| #read(__es_json)))
        } else {
            quote!({
                use #private::{NotRead as _, ReadByType as _};
                (&&#private::Read::<#ty>::new()).reads(__es_json)
            })
        };
        quote!(#private::Adapter::of(#name, |__es_json| #reads))
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
