//! What a projection is: a read model whose checkpoint moves in the transaction of its own writes.

use std::error::Error;

use crate::{port::Backend, schema::Event, vocabulary::Recorded};

/// What the checkpoint of a projection says that it is.
pub(super) const KIND: &str = "projection";

/// Folds events into a read model that lives in the store's database. `B` is the adapter, such as `Postgres`.
///
/// Its state is in the database, hence `&self`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection on `{B}`",
    label = "not a projection on `{B}`",
    note = "write `impl Projection<{B}> for {Self}`"
)]
pub trait Projection<B: Backend>: Send + Sync + 'static {
    /// The name of its checkpoint: unique in the store, and never changed.
    const NAME: &'static str;
    /// The events that it folds.
    type Event: Event;
    /// How its statements can fail. An error whose cause is a fault of the database that passes by itself, wherever below
    /// it that stands in the chain of [`source`](Error::source)s, is waited out; any other one ends the projector.
    type Error: Error + Send + Sync + 'static;

    /// Folds a batch of events, in global order, within the transaction that is open on the connection.
    ///
    /// When it succeeds, its writes are committed together with the checkpoint; when it fails or panics, or its future is
    /// dropped, neither is. It must not commit by itself. A statement that has failed aborts the transaction, so an error
    /// that is to be ignored needs a savepoint around its statement.
    fn apply(
        &self,
        batch: &[Recorded<Self::Event>],
        connection: &mut B::Connection,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}
