//! One binary for everything that needs a real database: one private cluster, one database for each test.

mod append_races;
mod cancellation;
mod contract;
mod crash;
mod floors;
mod gap;
mod immutability;
mod model;
mod private_cluster;
mod projection;
mod repository;
mod round_trips;
mod scale;
mod statements;
mod streams;
mod subscription;
mod support;
