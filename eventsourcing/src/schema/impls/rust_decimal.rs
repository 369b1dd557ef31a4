//! The crate `rust_decimal`.

use rust_decimal::Decimal;

use super::shapes;
use crate::schema::Shape;

shapes! {
    // Text, as long as nothing in the build turns on `rust_decimal/serde-float` or `serde-arbitrary-precision`, which
    // change what every crate writes.
    Decimal => Shape::Text("decimal"), MapKey;
}
