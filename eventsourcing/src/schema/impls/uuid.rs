//! The crate `uuid`.

use uuid::Uuid;

use super::shapes::shapes;
use crate::schema::shape::Shape;

shapes! {
    Uuid => Shape::Text("uuid"), MapKey;
}
