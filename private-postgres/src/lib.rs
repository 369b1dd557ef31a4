//! A throw-away Postgres, started from the programs that are installed on this machine, for tests and demos.
//!
//! [`PrivateCluster`] knows nothing of drivers: it hands out URLs. It runs on Unix; elsewhere this crate is empty.
#![cfg(unix)]

mod binaries;
mod cluster;
mod error;

pub use self::{
    cluster::{ClusterOptions, PrivateCluster},
    error::ClusterError,
};
