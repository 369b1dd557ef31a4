//! The library on SQLite, from outside: one binary, which needs no database but the one it brings.

mod cancellation;
mod contract;
mod faults;
mod file;
mod handles;
mod kills;
mod order;
mod processes;
mod support;
mod tables;
