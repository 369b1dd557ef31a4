//! How deep a payload may be.

/// How deep arrays and objects may stand inside each other: what is deeper, `serde_json` refuses to read.
pub const MAX_DEPTH: usize = 127;
