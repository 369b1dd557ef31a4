//! What a payload has lost.

use serde_json::Value;

/// Something in a payload that its encoding has no more, or has otherwise.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Loss {
    /// Where, such as `.lines[2].price`.
    pub(in super::super) path: String,
    pub(in super::super) before: Value,
    /// What stands there now; `None` when nothing does.
    pub(in super::super) after: Option<Value>,
    /// What is read because nothing stands there.
    pub(in super::super) read_as: Option<Value>,
}
