//! The crate `url`.

use url::Url;

use super::shapes;
use crate::schema::Shape;

shapes! {
    Url => Shape::Text("uri"), MapKey;
}
