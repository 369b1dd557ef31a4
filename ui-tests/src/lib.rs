//! Nothing: the tests in `tests/ui.rs` and their cases are all there is.
