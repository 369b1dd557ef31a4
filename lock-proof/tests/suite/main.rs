//! What a lock calls readable is read by the real codec, and what is not is noticed.

mod history;
mod lies;
mod old_types;
mod pairs;
mod rules;
