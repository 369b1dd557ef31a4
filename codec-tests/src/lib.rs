//! A second opinion on shapes: which JSON values have a shape, and how to break one that has.
//!
//! It shares nothing with the library but the shapes themselves, so that the schemas made from them, the codec and this
//! can be held against each other.

mod accepts;
mod mutants;
mod rewrite;

pub use accepts::accepts;
pub use mutants::{Mutant, mutants};
pub use rewrite::{shuffled, sorted, with_unknown_fields};
