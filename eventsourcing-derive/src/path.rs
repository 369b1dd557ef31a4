//! Where generated code finds the library: `crate = ".."`, or its own name.

use syn::{Path, parse_quote};

use crate::attr::Items;

/// The path of the module that generated code may name.
pub(crate) fn private(own: &Items) -> Path {
    own.path("crate").map_or_else(|| parse_quote!(::eventsourcing::__private), |krate| parse_quote!(#krate::__private))
}
