//! Port: following the end of the log.

use std::{fmt, time::Duration};

use crate::{
    position::GlobalPosition,
    store::{StoreError, Stored},
};

/// Follows the log: hands out events of every stream and tag in the order of their positions, and none before it is
/// certain that no event with a lower position can still commit.
pub trait Tail: fmt::Debug + Send + 'static {
    /// Where the bytes of a payload live.
    type Payload: AsRef<[u8]> + Clone + fmt::Debug + Send + Sync + 'static;

    /// The highest position of a committed event such that every event up to it has been decided; `None` for an empty
    /// log. Waits for the transactions that are writing to the log at the moment of the call, and for no others.
    fn settle(&mut self) -> impl Future<Output = Result<Option<GlobalPosition>, StoreError>> + Send;

    /// The settled events after `after`, at most about `limit`, none if there is nothing new.
    ///
    /// Everything up to `after` must be settled. What follows without a gap is handed out at once; before a gap the
    /// call waits until the transactions that may still fill it have ended.
    fn read(
        &mut self,
        after: Option<GlobalPosition>,
        limit: i64,
    ) -> impl Future<Output = Result<TailPage<Self::Payload>, StoreError>> + Send;

    /// The last position that the log has handed out, to whomever: a cursor beyond it is from another history.
    fn end(&mut self) -> impl Future<Output = Result<Option<GlobalPosition>, StoreError>> + Send;

    /// Completes when another process says that the log may have grown. A hint that can be lost; cancel safe.
    fn announced(&mut self) -> impl Future<Output = ()> + Send;
}

/// What a [`Tail`] read.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "adapters build it")]
pub struct TailPage<P> {
    /// The events, in order.
    pub events: Vec<Stored<P>>,
    /// Up to where the log is settled now: the position of a committed event, or where the read began.
    pub settled: Option<GlobalPosition>,
    /// Whether more was there already when this was read: the limit was reached, or a gap.
    pub more: bool,
}

/// A transaction that has written to the log and has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Blocker {
    /// The server process; `None` for a prepared transaction.
    pub pid: Option<i32>,
    /// The application name of its session, when it has said one.
    pub application_name: Option<String>,
    /// How long its transaction has run; `None` when the role may not see it (`pg_monitor` may).
    pub age: Option<Duration>,
    /// Its latest statement; `None` when the role may not see it (`pg_monitor` may).
    pub query: Option<String>,
    /// The name of a prepared transaction: `COMMIT PREPARED` or `ROLLBACK PREPARED` ends it.
    pub prepared: Option<String>,
}

impl Blocker {
    /// A blocker of which nothing is known yet but its process.
    pub fn new(pid: Option<i32>) -> Self {
        Self { pid, application_name: None, age: None, query: None, prepared: None }
    }
}
