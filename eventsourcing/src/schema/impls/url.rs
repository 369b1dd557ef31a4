//! The crate `url`.

use url::Url;

use super::shapes::shapes;
use crate::schema::shape::Shape;

shapes! {
    Url => Shape::Text("uri"), MapKey;
}
