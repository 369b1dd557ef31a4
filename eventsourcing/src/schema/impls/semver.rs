//! The crate `semver`.

use semver::{Version, VersionReq};

use super::shapes;
use crate::schema::Shape;

shapes! {
    Version => Shape::Text("semver"), MapKey;
    VersionReq => Shape::Text("semver-range"), MapKey;
}
