//! Floor 3a: the SQLite adapter, for a store in one file and nothing to install. It sees encoded events, and knows nothing of
//! event types or typed handles.

mod adapter;
mod append;
mod backend;
mod checkpoint;
mod connect;
mod error;
mod event_types;
mod file;
mod job;
mod lists;
mod migrate;
mod options;
mod read;
mod rows;
mod snapshot;
mod sql;
mod tail;
mod transaction;
mod writer;

pub use self::{
    adapter::Sqlite, options::SqliteOptions, rows::SqlitePayload, tail::SqliteTail, transaction::SqliteStoreTransaction,
};
