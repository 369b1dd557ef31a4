//! The library from outside: one binary, and for what needs a real database one private cluster, one database for each test.

mod append_races;
mod cancellation;
mod contract;
mod crash;
mod derive_aggregate;
mod derive_event;
mod derive_schema;
mod derive_schema_pairs;
mod floors;
mod gap;
mod handles;
mod hostile;
mod immutability;
mod migrations;
mod model;
mod private_cluster;
mod projection;
mod repository;
mod rights;
mod round_trips;
mod scale;
mod spawnable;
mod statements;
mod streams;
mod subscription;
mod support;
