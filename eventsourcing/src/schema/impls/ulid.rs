//! The crate `ulid`.

use ulid::Ulid;

use super::shapes;
use crate::schema::Shape;

shapes! {
    Ulid => Shape::Text("ulid"), MapKey;
}
