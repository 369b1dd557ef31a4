//! The crate `semver`.

use semver::{Version, VersionReq};

use super::shapes::shapes;
use crate::schema::shape::Shape;

shapes! {
    Version => Shape::Text("semver"), MapKey;
    VersionReq => Shape::Text("semver-range"), MapKey;
}
