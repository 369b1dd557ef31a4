//! The crate `rust_decimal`.

use rust_decimal::Decimal;

use super::shapes::shapes;
use crate::schema::{impls::changed::Changed, shape::Shape};

shapes! {
    Decimal => Shape::Text(FORMAT), MapKey;
}

const FORMAT: &str = "decimal";

/// Two features make a number of it: a float, which loses digits, or one of `serde_json`'s numbers of any length.
pub(crate) fn changed() -> Option<Changed> {
    let written = serde_json::to_string(&Decimal::new(10, 2)).unwrap_or_default();
    let feature = match written.as_str() {
        "\"0.10\"" => return None,
        "0.10" => "rust_decimal/serde-arbitrary-precision",
        _ => "rust_decimal/serde-float",
    };
    Some(Changed { format: FORMAT, feature })
}
