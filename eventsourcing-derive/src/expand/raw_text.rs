//! `serde_json`'s `RawValue`: its name is all that a derive sees of it.

use quote::quote_spanned;
use syn::{
    Path, Type,
    spanned::Spanned,
    visit_mut::{self, VisitMut},
};

use super::tokens::path_at;

/// Whether this may be the type. It may also be one of the user's, which has a schema then.
pub(super) fn may_be(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "RawValue" && last.arguments.is_none())
}

/// Asks for each such type by the trait whose message is about it; the type that has a schema is the same afterwards.
pub(super) fn asked(mut ty: Type, private: &Path) -> Type {
    Asked { private }.visit_type_mut(&mut ty);
    ty
}

struct Asked<'a> {
    private: &'a Path,
}

impl VisitMut for Asked<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if may_be(ty) {
            let (span, here) = (ty.span(), path_at(self.private, ty.span()));
            *ty = Type::Verbatim(quote_spanned!(span=> <#here::TheLock as #here::SeesInto<#ty>>::Seen));
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}
