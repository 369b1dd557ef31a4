//! The crate `uuid`.

use uuid::Uuid;

use super::shapes;
use crate::schema::Shape;

shapes! {
    Uuid => Shape::Text("uuid"), MapKey;
}
