//! The library on SQLite, from outside: one binary, which needs no database but the one it brings. What stands in
//! `both` runs on Postgres as well.

mod cancellation;
#[path = "../both/catalog.rs"]
mod catalog;
mod contract;
mod faults;
mod file;
mod handles;
mod kills;
#[path = "../both/model.rs"]
mod model;
mod order;
mod processes;
#[path = "../both/streams.rs"]
mod streams;
mod support;
mod tables;
#[path = "../both/upcast.rs"]
mod upcast;
