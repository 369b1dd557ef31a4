//! What a projection is: a read model whose checkpoint moves in the transaction of its own writes.

use std::error::Error;

use crate::{port::Backend, schema::Event, vocabulary::Recorded};

/// What the checkpoint of a projection says that it is.
pub(super) const KIND: &str = "projection";

/// Folds events into a read model that lives in the store's database. `B` is the adapter, such as `Postgres`.
///
/// Its state is in the database, hence `&self`. A [`Projector`](crate::consumers::Projector) runs it.
///
/// ```
/// # #[cfg(feature = "postgres")]
/// # mod example {
/// # use eventsourcing::Event;
/// # #[derive(Event)]
/// # #[event(prefix = "account")]
/// # enum AccountEvent {
/// #     Deposited { cents: i64 },
/// #     Withdrawn { cents: i64 },
/// # }
/// use eventsourcing::{Postgres, Projection, Recorded, sqlx};
///
/// /// Keeps `balances (account text primary key, cents bigint not null)`.
/// struct Balances;
///
/// impl Projection<Postgres> for Balances {
///     const NAME: &'static str = "balances";
///     type Event = AccountEvent;
///     type Error = sqlx::Error;
///
///     async fn apply(
///         &self,
///         batch: &[Recorded<AccountEvent>],
///         connection: &mut sqlx::PgConnection,
///     ) -> Result<(), sqlx::Error> {
///         for recorded in batch {
///             let change = match recorded.event {
///                 AccountEvent::Deposited { cents } => cents,
///                 AccountEvent::Withdrawn { cents } => -cents,
///             };
///             let sql = "insert into balances values ($1, $2)
///                 on conflict (account) do update set cents = balances.cents + excluded.cents";
///             sqlx::query(sql).bind(recorded.stream_id.id()).bind(change).execute(&mut *connection).await?;
///         }
///         Ok(())
///     }
/// }
/// # }
/// ```
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
