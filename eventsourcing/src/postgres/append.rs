//! Appending: one statement for a group of appends, each with its own expectation and its own result.

mod columns;
mod group;
mod outcome;
mod probe;
mod retries;
mod window;

use columns::Columns;
use group::Group;
use outcome::{Outcome, Verdict, judge, outcome};
use retries::Retries;
use sqlx::{PgConnection, Row, raw_sql};

use super::{
    adapter::Postgres,
    error::store_error,
    lease::Lease,
    registered::Epoch,
    transaction::{self, PgStoreTransaction},
};
use crate::{
    port::{Append, AppendError, Appended, StoreError, Via},
    vocabulary::Chain,
};

/// From this many appends on, a group is large.
const LARGE_GROUP: usize = 64;

const SAVEPOINT: &str = "savepoint eventsourcing_append";
const RELEASE: &str = "release savepoint eventsourcing_append";
const ROLLBACK: &str = "rollback to savepoint eventsourcing_append; release savepoint eventsourcing_append";

pub(super) async fn append(
    store: &Postgres,
    via: Via<'_, PgConnection>,
    appends: &[Append],
) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
    let mut group = Group::new(appends, store.options.limits);
    match via {
        Via::Store => {
            if let Err(error) = run(store, &mut group).await {
                group.fail(error)?;
            }
        }
        Via::Caller(connection) => run_in(store, connection, &mut group).await?,
    }
    Ok(group.into_results())
}

/// Each statement is a transaction of its own, so that only what lost a race runs again and nothing is held meanwhile.
async fn run(store: &Postgres, group: &mut Group<'_>) -> Result<(), StoreError> {
    let mut retries = Retries::default();
    while group.is_open() {
        let open = group.open();
        // What waits for a server to come back is the pool.
        let lease = store.lease().await.inspect_err(|error| note(store, error))?;
        match run_once(store, lease, group, &open).await {
            Ok(()) if !group.is_open() => {}
            // Where the default isolation is stricter than READ COMMITTED, a lost race comes as this error; the next
            // statement sees to whom it was lost.
            Ok(()) | Err(StoreError::Serialization { .. }) if retries.after_loss().await => {}
            Ok(()) => group.give_up(),
            Err(error) if retries.after_error(&error, group.is_exact(&open)) => group.may_be_stored(&error),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The connection is given back before there is a pause.
async fn run_once(store: &Postgres, mut lease: Lease, group: &mut Group<'_>, open: &[usize]) -> Result<(), StoreError> {
    statement(store, &mut lease, Ends::WithStore, group, open).await?;
    lease.end().await.inspect_err(|error| {
        note(store, error);
        group.reopen(open);
    })
}

/// In the caller's transaction, what the statement has stored stays locked until the end. If only the losers of a race ran
/// again, they would wait for other groups while those may wait for them; so a group of several goes back to a savepoint
/// and runs again as a whole, in the order of its streams.
async fn run_in(store: &Postgres, connection: &mut PgConnection, group: &mut Group<'_>) -> Result<(), StoreError> {
    let goes_back = group.can_lose_in_part();
    let mut retries = Retries::default();
    while group.is_open() {
        if goes_back {
            raw_sql(SAVEPOINT).execute(&mut *connection).await.map_err(store_error)?;
        }
        let open = group.open();
        statement(store, connection, Ends::WithCaller, group, &open).await?;
        let has_lost = group.is_open();
        if goes_back {
            let end = if has_lost { ROLLBACK } else { RELEASE };
            raw_sql(end).execute(&mut *connection).await.map_err(store_error)?;
            if has_lost {
                group.reopen(&open);
            }
        }
        if has_lost && !retries.after_loss().await {
            group.give_up();
        }
    }
    Ok(())
}

/// All or nothing, in a transaction of its own: after a lost race the whole of it begins again, for the reason that
/// [`run_in`] has.
pub(super) async fn append_all(store: &Postgres, appends: &[Append]) -> Result<Vec<Appended>, AppendError> {
    let mut group = Group::new(appends, store.options.limits);
    if appends.len() == 1 {
        run(store, &mut group).await?;
    }
    let mut retries = Retries::default();
    let open = group.open();
    loop {
        if group.is_refused() || !group.is_open() {
            return group.into_results().into_iter().collect();
        }
        let mut is_committing = false;
        let transaction = transaction::begin(store).await.inspect_err(|error| note(store, error))?;
        match try_all(store, transaction, &mut group, &open, &mut is_committing).await {
            Ok(()) if group.is_refused() || !group.is_open() => {}
            Ok(()) if retries.after_loss().await => group.reopen(&open),
            Ok(()) => group.give_up(),
            // Before the commit is sent, nothing can have been stored.
            Err(error) if retries.after_error(&error, !is_committing || group.is_exact(&open)) => {
                group.reopen(&open);
                if is_committing {
                    group.may_be_stored(&error);
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
}

async fn try_all(
    store: &Postgres,
    mut transaction: PgStoreTransaction,
    group: &mut Group<'_>,
    open: &[usize],
    is_committing: &mut bool,
) -> Result<(), StoreError> {
    statement(store, &mut transaction, Ends::WithCaller, group, open).await?;
    if group.is_refused() || group.is_open() {
        // The answer is why it was refused. A transaction that cannot be rolled back has gone with its connection.
        if let Err(error) = transaction.rollback().await {
            tracing::debug!(
                error = %Chain(&error),
                "the transaction of a refused batch was not rolled back but dropped"
            );
        }
        return Ok(());
    }
    *is_committing = true;
    transaction.commit().await.inspect_err(|error| note(store, error))?;
    group.stored_up_to().inspect(|&position| store.link.seen(position));
    Ok(())
}

/// Whose transaction a statement is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// The store's: it ends with the statement.
    WithStore,
    /// Somebody else's, who may still roll it back.
    WithCaller,
}

/// Runs the statement once, for those appends of the group that are open; what has lost a race still is afterwards.
async fn statement(
    store: &Postgres,
    connection: &mut PgConnection,
    ends: Ends,
    group: &mut Group<'_>,
    open: &[usize],
) -> Result<(), StoreError> {
    let inserted = insert(store, connection, ends, group, open).await;
    let outcomes = inserted.inspect_err(|error| note(store, error))?;
    let mut unclear = Vec::new();
    // What is stored has its result before anything can fail that is asked about the others.
    for (&index, outcome) in open.iter().zip(outcomes) {
        match judge(&group.appends[index], &outcome, group.is_repeatable(index)) {
            Verdict::Done(result) => group.results[index] = Some(result),
            Verdict::Lost => {}
            Verdict::Unclear => unclear.push((index, outcome)),
        }
    }
    for (index, outcome) in unclear {
        group.results[index] = match probe::clear(store, connection, group, index, &outcome).await {
            Err(error) if is_committed(store, ends) => Some(Err(error.into())),
            result => result?,
        };
    }
    Ok(())
}

/// Whether the statement has committed when it answers. Behind a pooler of transactions it stands in one that the store
/// ends only afterwards.
fn is_committed(store: &Postgres, ends: Ends) -> bool {
    ends == Ends::WithStore && !store.options.transaction_pooler
}

/// What an error says about the connections and the log, whoever handles it.
fn note(store: &Postgres, error: &StoreError) {
    match error {
        StoreError::Unavailable { .. } => store.link.broke(),
        // Positions that this process remembers may be of a log that is there no more.
        StoreError::SequenceBehind { .. } => store.link.forget_end(),
        _ => {}
    }
}

async fn insert(
    store: &Postgres,
    connection: &mut PgConnection,
    ends: Ends,
    group: &Group<'_>,
    open: &[usize],
) -> Result<Vec<Outcome>, StoreError> {
    let mut columns = Columns::default();
    for (ordinal, &index) in (1..).zip(open) {
        columns.push(ordinal, &group.appends[index], &group.ids[index]);
    }
    let is_large = open.len() >= LARGE_GROUP;
    let events = open.iter().flat_map(|&index| &group.appends[index].events).map(|new| &new.event);
    let unknown = store.link.registered.unknown_as_of(events);
    let end = store.link.end();
    let sql = match (unknown, is_large, columns.window_ids.contains(&true)) {
        (None, false, _) if end.is_some() => &store.sql.append,
        (None, false, _) => &store.sql.append_looking,
        (None, true, false) => &store.sql.append_large,
        (None, true, true) => &store.sql.append_large_with_window,
        (Some(_), false, _) => &store.sql.append_registering,
        (Some(_), true, _) => &store.sql.append_large_registering,
    };
    let query = sql.query_with(columns.arguments());
    let statement = columns.bind(query.bind(ends == Ends::WithCaller)).bind(end);
    let statement = if is_large { statement.persistent(false) } else { statement };
    let found = store.fetch_all(Via::Caller(connection), statement).await?;
    let outcomes: Vec<Outcome> = found.iter().map(outcome).collect::<Result<_, _>>()?;
    let is_committed = is_committed(store, ends);
    if is_committed {
        outcomes.iter().filter_map(Outcome::position).max().inspect(|&position| store.link.seen(position));
    }
    if let (Some(epoch), Some(row)) = (unknown, found.first()) {
        // What is not committed may be registered by a transaction that is rolled back.
        if is_committed || row.try_get(6).map_err(store_error)? {
            learn(store, epoch, group.appends, open, &outcomes);
        }
    }
    Ok(outcomes)
}

/// What was stored has been registered with it.
fn learn(store: &Postgres, epoch: Epoch, appends: &[Append], open: &[usize], outcomes: &[Outcome]) {
    let stored = open.iter().zip(outcomes).filter(|(_, outcome)| outcome.stored.is_some());
    let events = stored.flat_map(|(&index, _)| &appends[index].events).map(|new| &new.event);
    store.link.registered.learn(epoch, events.map(|event| (&event.tag, event.schema_version)));
}
