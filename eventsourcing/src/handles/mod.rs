//! Floor 3b: the typed handles over any adapter. At the top of the crate they have the same names, with Postgres as the
//! default. Knows no adapter.
//!
//! [`Store`] says on what the examples of all handles run.

pub(crate) mod batch;
pub(crate) mod events;
pub(crate) mod history;
pub(crate) mod log;
pub(crate) mod raw;
pub(crate) mod store;
mod stored_events;
pub(crate) mod stream;
pub(crate) mod subscription;
pub(crate) mod transaction;

pub use self::{
    batch::AppendBatch,
    events::Events,
    history::{HistoryError, Unreadable, UnreadableHistory, UnreadableType},
    log::Log,
    raw::{Raw, RawEvents},
    store::Store,
    stream::Stream,
    subscription::{Delivery, OnUndecodable, Subscription, SubscriptionError},
    transaction::{InTransaction, StoreTransaction, StreamIn},
};
