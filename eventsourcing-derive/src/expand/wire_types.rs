//! The types that a wire form is made of.

use crate::model::{Wire, WireType};

pub(super) fn collect<'a>(wire: &'a Wire, types: &mut Vec<&'a WireType>) {
    match wire {
        Wire::Null => {}
        Wire::Same(ty) => types.push(ty),
        Wire::Tuple(list) => types.extend(list),
        Wire::Object { fields, .. } => types.extend(fields.iter().map(|field| &field.ty)),
        Wire::Choice { variants, .. } => variants.iter().for_each(|variant| collect(&variant.wire, types)),
    }
}
