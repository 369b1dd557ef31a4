//! Compile-time diagnostics of the derives, pinned by `tests/ui.rs`.
