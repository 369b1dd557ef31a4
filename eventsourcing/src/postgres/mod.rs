//! Floor 3a: the Postgres adapter. It sees encoded events, and knows nothing of event types or typed handles.

mod adapter;
mod announce;
mod append;
mod backend;
mod blockers;
mod channel;
mod checkpoint;
mod connection;
mod driver;
mod error;
mod event_types;
mod lease;
mod link;
mod lists;
mod migrate;
mod mutants;
mod options;
mod page;
mod read;
mod registered;
mod repair;
mod rows;
mod snapshot;
mod sql;
mod tail;
mod transaction;

pub use self::{
    adapter::Postgres, migrate::MIGRATIONS, options::PgOptions, rows::PgPayload, tail::PgTail,
    transaction::PgStoreTransaction,
};
