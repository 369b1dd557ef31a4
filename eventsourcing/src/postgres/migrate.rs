//! The store's own tables: made by `migrate`, checked by `verify`.

use std::{borrow::Cow, time::Instant};

use sqlx::{
    AssertSqlSafe, PgConnection, Row, SqlSafeStr,
    migrate::{Migration, MigrationType},
    raw_sql,
};

use super::{adapter::Postgres, driver, error::store_error, transaction};
use crate::port::StoreError;

/// The newest migrations that a program need not know to work with the tables after them, by the last one that it has to
/// know: such a program may be started again while a newer one is being rolled out, or after that was taken back.
///
/// A migration stands here when it leaves every statement of the programs before it as it was: a comment, an index, a table or a
/// column that they do not name. One that does not stand here needs programs that know it.
const COMPATIBLE: &[(i64, i64)] = &[(10, 9)];

/// The newest migration that a program has to know to work with the tables after this one.
fn needed_after(version: i64) -> i64 {
    COMPATIBLE.iter().find(|(compatible, _)| *compatible == version).map_or(version, |(_, needed)| *needed)
}

macro_rules! migrations {
    ($($version:literal $name:literal,)*) => {
        &[$(($version, $name, include_str!(concat!("../../migrations/postgres/", $name, ".sql"))),)*]
    };
}

/// Every migration: its version, its name, and its SQL, unqualified. For those who run them with a tool of their own,
/// with the store's schema as the search path.
pub const MIGRATIONS: &[(i64, &str, &str)] = migrations![
    1 "0001_events",
    2 "0002_immutability",
    3 "0003_snapshots",
    4 "0004_checkpoints",
    5 "0005_event_types",
    6 "0006_settled",
    7 "0007_events_checks",
    8 "0008_consumers",
    9 "0009_maintenance",
    10 "0010_comments",
];

impl Postgres {
    /// Creates or updates the store's tables, in its own schema and in one transaction. It is safe to run from several
    /// processes at once, and to run again; where nothing is to be done, a role that may only read can run it. A
    /// dropped future leaves all of it done or nothing.
    ///
    /// Where a newer release has migrated already, this does nothing, if this release still works with the tables as they
    /// are: so an instance of the old release can be started again while the new one is being rolled out. A release says of
    /// each of its migrations which programs may go on.
    ///
    /// # Errors
    ///
    /// [`Schema`](StoreError::Schema) when the role may not create tables there, or those that are there are not what this
    /// release has made, nor what it works beside; [`Unfit`](StoreError::Unfit) when the server is too old or not in UTF-8.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let backend = Postgres::connect(url, PgOptions::new()).await?;
    /// backend.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrate(self).await
    }

    /// Checks that the database is fit and the tables are those of this release: the server and its encoding, the
    /// migrations, that the log is immutable and outlives a crash, and that its sequence is not behind it. Changes
    /// nothing.
    ///
    /// Tables of a newer release are fine where this release still works with them, as for [`migrate`](Self::migrate).
    ///
    /// # Errors
    ///
    /// [`Schema`](StoreError::Schema) for the tables, [`Unfit`](StoreError::Unfit) for the server,
    /// [`SequenceBehind`](StoreError::SequenceBehind) for the sequence; each says what to do.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let backend = Postgres::connect(url, PgOptions::new()).await?;
    /// backend.verify().await?;
    /// # Ok(()) }
    /// ```
    pub async fn verify(&self) -> Result<(), StoreError> {
        verify(self).await
    }
}

/// Runs what has not been run, all in one transaction: so it works behind a pooler as well, and leaves nothing half done.
async fn migrate(store: &Postgres) -> Result<(), StoreError> {
    // Somebody may make the same schema or table at the same moment, without the lock that this takes: an application that
    // creates the schema itself, or an older release. Then it is there the next time.
    let mut attempts = 1..=3;
    loop {
        let mut lease = store.lease().await?;
        check_server(store, &mut lease).await?;
        // A role that may only read is told, in place of an error, that there is nothing to do.
        if pending(store, &mut lease).await.map_err(|error| refused(store, error))?.is_empty() {
            return lease.end().await;
        }
        drop(lease);
        match run(store).await {
            Err(error) if is_duplicate(&error) && attempts.next().is_some() => {}
            result => return result.map_err(|error| refused(store, error)),
        }
    }
}

async fn run(store: &Postgres) -> Result<(), StoreError> {
    let mut transaction = transaction::begin(store).await?;
    let connection = &mut *transaction;
    let lock = "select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))";
    let name = format!("eventsourcing migrations of {}", store.schema);
    store.ad_hoc(lock).bind(name).execute(&mut *connection).await.map_err(store_error)?;
    // The schema first: a role that may not create one can still migrate into one that is there.
    let (schema, table) = (store.schema.quoted(), migrations_table(store));
    if !schema_exists(store, connection).await? {
        raw_sql(AssertSqlSafe(format!("create schema {schema}")))
            .execute(&mut *connection)
            .await
            .map_err(store_error)?;
    }
    let prepare = format!(
        "set local search_path = {schema};
         create table if not exists {table} (
            version bigint primary key,
            description text not null,
            installed_on timestamptz not null default now(),
            success boolean not null,
            checksum bytea not null,
            execution_time bigint not null
         );
         alter table {table} add column if not exists needed bigint;
         comment on column {table}.needed is
            'The newest migration that a program has to know to work with the tables after this one; its own when null.'"
    );
    raw_sql(AssertSqlSafe(prepare)).execute(&mut *connection).await.map_err(store_error)?;
    for migration in pending(store, connection).await? {
        let started = Instant::now();
        raw_sql(migration.sql.clone()).execute(&mut *connection).await.map_err(store_error)?;
        let taken = i64::try_from(started.elapsed().as_nanos()).unwrap_or(i64::MAX);
        let enter = format!(
            "insert into {table} (version, description, success, checksum, execution_time, needed)
             values ($1, $2, true, $3, $4, $5)"
        );
        let enter = store.ad_hoc(AssertSqlSafe(enter)).bind(migration.version).bind(migration.description);
        let enter = enter.bind(migration.checksum.as_ref()).bind(taken).bind(needed_after(migration.version));
        enter.execute(&mut *connection).await.map_err(store_error)?;
    }
    transaction.commit().await
}

/// Whether something that was to be made is there by now.
fn is_duplicate(error: &StoreError) -> bool {
    let StoreError::Database { source } = error else { return false };
    // unique_violation (in a catalog), duplicate_schema, duplicate_table
    source.downcast_ref().and_then(driver::code).is_some_and(|code| matches!(&*code, "23505" | "42P06" | "42P07"))
}

/// Of a role that lacks a right: which one it is, and who has it.
fn refused(store: &Postgres, error: StoreError) -> StoreError {
    let StoreError::Database { source } = &error else { return error };
    // insufficient_privilege
    if source.downcast_ref().and_then(driver::code).is_none_or(|code| code != "42501") {
        return error;
    }
    let problem =
        format!("this role may not migrate it ({source}); run `migrate()` with a role that may create tables there");
    StoreError::Schema { schema: store.schema.to_string(), problem }
}

fn migrations_table(store: &Postgres) -> String {
    store.schema.qualify("_migrations")
}

fn migrations() -> Vec<Migration> {
    MIGRATIONS
        .iter()
        .map(|&(version, name, sql)| {
            Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
        })
        .collect()
}

async fn schema_exists(store: &Postgres, connection: &mut PgConnection) -> Result<bool, StoreError> {
    let row = store
        .ad_hoc("select exists (select from pg_catalog.pg_namespace n where n.nspname operator(pg_catalog.=) $1)")
        .bind(store.schema.as_str())
        .fetch_one(connection)
        .await
        .map_err(store_error)?;
    row.try_get(0).map_err(store_error)
}

/// The migrations that have not been run, in order; an error where those that have been are not of this release, nor of a
/// newer one that this release can work beside.
async fn pending(store: &Postgres, connection: &mut PgConnection) -> Result<Vec<Migration>, StoreError> {
    let other = |problem: String| StoreError::Schema { schema: store.schema.to_string(), problem };
    let table = migrations_table(store);
    let exists: Option<String> = store
        .ad_hoc("select pg_catalog.to_regclass($1)::pg_catalog.text")
        .bind(table.clone())
        .fetch_one(&mut *connection)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(store_error)?;
    let mut pending = migrations();
    if exists.is_none() {
        return Ok(pending);
    }
    // The tables of an older release do not say which migration is needed.
    let sql = format!(
        "select m.version, m.checksum, m.success,
            (pg_catalog.to_jsonb(m) operator(pg_catalog.->>) 'needed')::bigint
         from {table} m order by m.version"
    );
    let newest = pending.last().map_or(0, |migration| migration.version);
    let applied = store.ad_hoc(AssertSqlSafe(sql)).fetch_all(connection).await.map_err(store_error)?;
    for row in &applied {
        let version: i64 = row.try_get(0).map_err(store_error)?;
        let checksum: Vec<u8> = row.try_get(1).map_err(store_error)?;
        let needed: Option<i64> = row.try_get(3).map_err(store_error)?;
        let Some(index) = pending.iter().position(|migration| migration.version == version) else {
            if version > newest && needed.is_some_and(|needed| needed <= newest) {
                continue;
            }
            return Err(other(format!(
                "migration {version} in `{table}` is from a newer release of this library, beside which this program, which \
                 knows migrations up to {newest}, would not work; update this program"
            )));
        };
        if pending.remove(index).checksum.as_ref() != checksum {
            return Err(other(format!(
                "migration {version} in `{table}` is not the one that this release has; the schema is of another release"
            )));
        }
        if !row.try_get::<bool, _>(2).map_err(store_error)? {
            return Err(other(format!(
                "migration {version} has failed half-way; undo what it has done and delete its row from `{table}`"
            )));
        }
    }
    Ok(pending)
}

/// Reads only, so that a role without the right to create tables can run it.
async fn verify(store: &Postgres) -> Result<(), StoreError> {
    let mut lease = store.lease().await?;
    check_server(store, &mut lease).await?;
    check_migrations(store, &mut lease).await?;
    check_log(store, &mut lease).await?;
    check_sequence(store, &mut lease).await?;
    lease.end().await
}

async fn check_server(store: &Postgres, connection: &mut PgConnection) -> Result<(), StoreError> {
    let row = store
        .ad_hoc(
            "select pg_catalog.current_setting('server_version_num')::integer,
                pg_catalog.current_setting('server_encoding'), pg_catalog.pg_is_in_recovery()",
        )
        .fetch_one(connection)
        .await
        .map_err(store_error)?;
    let version: i32 = row.try_get(0).map_err(store_error)?;
    let encoding: String = row.try_get(1).map_err(store_error)?;
    if row.try_get(2).map_err(store_error)? {
        return Err(StoreError::Standby);
    }
    let unfit = |problem: String| Err(StoreError::Unfit { problem });
    if version < 150_000 {
        return unfit(format!("it is Postgres {}, and 15 is the oldest supported", version / 10_000));
    }
    if encoding != "UTF8" {
        return unfit(format!("its encoding is {encoding}; create the database with `encoding 'UTF8'`"));
    }
    Ok(())
}

async fn check_migrations(store: &Postgres, connection: &mut PgConnection) -> Result<(), StoreError> {
    let Some(next) = pending(store, connection).await?.into_iter().next() else { return Ok(()) };
    let problem = format!(
        "migration {} (`{}`) has not been run; run `migrate()` with a role that may create tables there",
        next.version, next.description
    );
    Err(StoreError::Schema { schema: store.schema.to_string(), problem })
}

/// What migrations have made and somebody may have unmade: a restore in parts, a bulk load, a maintenance that was left.
async fn check_log(store: &Postgres, connection: &mut PgConnection) -> Result<(), StoreError> {
    let row = store
        .ad_hoc(
            "select c.relpersistence operator(pg_catalog.=) 'p'::\"char\",
                exists (select from pg_catalog.pg_trigger t where t.tgrelid operator(pg_catalog.=) c.oid
                    and t.tgname operator(pg_catalog.=) 'events_are_immutable'
                    and t.tgenabled operator(pg_catalog.=) 'A'::\"char\"),
                exists (select from pg_catalog.pg_trigger t
                    where t.tgrelid operator(pg_catalog.=) $3::pg_catalog.regclass
                    and t.tgname operator(pg_catalog.=) 'event_types_are_immutable'
                    and t.tgenabled operator(pg_catalog.=) 'A'::\"char\"),
                exists (select from pg_catalog.pg_trigger t where t.tgrelid operator(pg_catalog.=) c.oid
                    and t.tgname operator(pg_catalog.=) 'events_position_is_given'
                    and t.tgenabled operator(pg_catalog.=) any ('{A,O}'::\"char\"[])),
                exists (select from pg_catalog.pg_constraint k where k.conrelid operator(pg_catalog.=) c.oid
                    and k.conname operator(pg_catalog.=) 'events_stream_id_version_key'),
                exists (select from pg_catalog.pg_attrdef d
                    join pg_catalog.pg_depend r
                        on r.classid operator(pg_catalog.=) 'pg_catalog.pg_attrdef'::pg_catalog.regclass
                        and r.objid operator(pg_catalog.=) d.oid
                        and r.refobjid operator(pg_catalog.=) $2::pg_catalog.regclass
                    where d.adrelid operator(pg_catalog.=) c.oid)
             from pg_catalog.pg_class c where c.oid operator(pg_catalog.=) $1::pg_catalog.regclass",
        )
        .bind(store.schema.qualify("events"))
        .bind(store.schema.qualify("events_position"))
        .bind(store.schema.qualify("event_types"))
        .fetch_one(connection)
        .await
        .map_err(store_error)?;
    let problems = [
        "the table `events` is unlogged, so that a crash would empty it; set it to `logged`",
        "the trigger `events_are_immutable` is off; `alter table events enable always trigger events_are_immutable`",
        "the trigger `event_types_are_immutable` is off; `alter table event_types enable always trigger \
         event_types_are_immutable`",
        "the trigger `events_position_is_given` is off or gone; `alter table events enable trigger \
         events_position_is_given`, or create it as migration 7 does",
        "the table `events` lacks its constraint `events_stream_id_version_key`, which is unique (stream_id, version)",
        "the column `position` lacks its default, which is `nextval('events_position')`",
    ];
    for (column, problem) in problems.into_iter().enumerate() {
        if !row.try_get::<bool, _>(column).map_err(store_error)? {
            return Err(StoreError::Unfit { problem: problem.to_owned() });
        }
    }
    Ok(())
}

/// The guarantees of the global order rest on the sequence.
async fn check_sequence(store: &Postgres, connection: &mut PgConnection) -> Result<(), StoreError> {
    let sequence = store.schema.qualify("events_position");
    let events = store.schema.qualify("events");
    let sql = format!(
        "select q.seqcache, q.seqincrement, q.seqcycle, s.last_value, s.is_called,
            coalesce((select pg_catalog.max(e.position) from {events} e), 0)
         from pg_catalog.pg_sequence q, {sequence} s where q.seqrelid operator(pg_catalog.=) $1::pg_catalog.regclass"
    );
    let row = store.ad_hoc(AssertSqlSafe(sql)).bind(sequence).fetch_one(connection).await.map_err(store_error)?;
    let number = |column: usize| row.try_get::<i64, _>(column).map_err(store_error);
    let flag = |column: usize| row.try_get::<bool, _>(column).map_err(store_error);
    let handed_out = if flag(4)? { number(3)? } else { 0 };
    let problem = if number(0)? != 1 {
        format!("the sequence `events_position` caches {} values; set it to `cache 1`", number(0)?)
    } else if number(1)? != 1 || flag(2)? {
        "the sequence `events_position` must count up by 1 without a cycle".to_owned()
    } else if handed_out < number(5)? {
        format!(
            "the sequence `events_position` is at {handed_out}, but the log reaches {}; `repair()` sets it to that",
            number(5)?
        )
    } else {
        return Ok(());
    };
    Err(StoreError::Unfit { problem })
}
