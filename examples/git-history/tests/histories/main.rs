//! The program on repositories of all kinds, made with git itself.

mod again;
mod changes;
mod falsified;
mod generated;
mod names;
mod repositories;
mod support;
