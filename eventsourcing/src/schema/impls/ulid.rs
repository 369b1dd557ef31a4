//! The crate `ulid`.

use ulid::Ulid;

use super::shapes::shapes;
use crate::schema::shape::Shape;

shapes! {
    Ulid => Shape::Text("ulid"), MapKey;
}
