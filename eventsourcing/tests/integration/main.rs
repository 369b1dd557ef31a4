//! The library from outside: one binary, and for what needs a real database one private cluster, one database for each test.
//! What stands in `both` runs on SQLite as well.

mod append_races;
mod batches;
mod cancellation;
#[path = "../both/catalog.rs"]
mod catalog;
mod circles;
mod coming_from;
mod connections;
mod consumers;
mod contract;
mod crash;
mod derive_aggregate;
mod derive_event;
mod derive_schema;
mod derive_schema_pairs;
mod derive_schema_recursion;
mod errors;
mod event_types;
mod examples;
mod failover;
mod faults;
mod floors;
mod gap;
mod guide;
mod handles;
mod hostile;
mod immutability;
mod lost_connections;
mod maintenance;
mod malformed;
mod migrations;
#[path = "../both/model.rs"]
mod model;
mod old_types;
mod pages;
mod pooler;
mod private_cluster;
mod projection;
mod projection_faults;
mod raw;
mod repository;
mod rights;
mod round_trips;
mod scale;
mod schema_untagged;
mod sequence;
mod spawnable;
mod statements;
#[path = "../both/streams.rs"]
mod streams;
mod subscription;
mod support;
mod tail;
mod transactions;
#[path = "../both/upcast.rs"]
mod upcast;
mod verify_history;
