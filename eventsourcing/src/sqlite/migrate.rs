//! The store's own tables: made by `migrate`, checked by `verify`.

use std::{borrow::Cow, collections::BTreeMap};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Row, SqlSafeStr, SqliteConnection,
    migrate::{Migration, MigrationType},
    raw_sql,
    sqlite::SqliteConnectOptions,
};

use super::{adapter::Sqlite, append::now, connect, error::store_error};
use crate::port::StoreError;

/// The newest migrations that a program need not know to work with the tables after them, by the last one that it has to
/// know. None so far.
const COMPATIBLE: &[(i64, i64)] = &[];

/// The newest migration that a program has to know to work with the tables after this one.
fn needed_after(version: i64) -> i64 {
    COMPATIBLE.iter().find(|(compatible, _)| *compatible == version).map_or(version, |(_, needed)| *needed)
}

macro_rules! migrations {
    ($($version:literal $name:literal,)*) => {
        &[$(($version, $name, include_str!(concat!("../../migrations/sqlite/", $name, ".sql"))),)*]
    };
}

/// Every migration: its version, its name, and its SQL.
const MIGRATIONS: &[(i64, &str, &str)] = migrations![
    1 "0001_events",
    2 "0002_immutability",
    3 "0003_snapshots",
    4 "0004_consumers",
    5 "0005_event_types",
    6 "0006_history",
];

const BOOKKEEPING: &str = "
create table if not exists eventsourcing_migrations (
    version      integer primary key,
    name         text    not null,
    checksum     blob    not null,
    -- The newest migration that a program has to know to work with the tables after this one.
    needed       integer not null,
    installed_at integer not null
) strict";

impl Sqlite {
    /// Creates or updates the store's tables, in one transaction: all of it or nothing. It is safe to run from several
    /// processes at once, and to run again; where nothing is to be done, it does not write. A dropped future leaves all of
    /// it done or nothing.
    ///
    /// # Errors
    ///
    /// [`Schema`](StoreError::Schema) when the tables that are there are not what this release has made, nor what it works
    /// beside; [`OtherFile`](StoreError::OtherFile) when the file is another program's, and [`Unfit`](StoreError::Unfit)
    /// when its journal is not a write-ahead log.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let backend = Sqlite::open(path, SqliteOptions::new()).await?;
    /// backend.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let mut reader = self.reader().await?;
        connect::check(&mut reader, &self.0.file.path(), &self.0.options).await?;
        if pending(self, &mut reader).await?.is_empty() {
            return Ok(());
        }
        drop(reader);
        let mut held = self.0.writer.hold().await?;
        held.begin().await?;
        raw_sql(BOOKKEEPING).execute(&mut *held).await.map_err(store_error)?;
        for migration in pending(self, &mut held).await? {
            raw_sql(migration.sql.clone()).execute(&mut *held).await.map_err(store_error)?;
            let enter = sqlx::query(
                "insert into eventsourcing_migrations (version, name, checksum, needed, installed_at) values (?1, ?2, ?3, ?4, ?5)",
            );
            let enter = enter.bind(migration.version).bind(migration.description.into_owned());
            let enter = enter.bind(migration.checksum.into_owned()).bind(needed_after(migration.version)).bind(now());
            enter.execute(&mut *held).await.map_err(store_error)?;
        }
        // What the file says of itself is part of the transaction.
        let mark = format!("pragma application_id = {}", self.0.options.application_id);
        raw_sql(AssertSqlSafe(mark)).execute(&mut *held).await.map_err(store_error)?;
        held.commit().await
    }

    /// Checks that the file is fit and the tables and triggers are those of this release, and that no maintenance was left
    /// open. Changes nothing.
    ///
    /// # Errors
    ///
    /// [`Schema`](StoreError::Schema) for the tables, [`Unfit`](StoreError::Unfit) and
    /// [`OtherFile`](StoreError::OtherFile) for the file; each says what to do.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let backend = Sqlite::open(path, SqliteOptions::new()).await?;
    /// backend.migrate().await?;
    /// backend.verify().await?;
    /// # Ok(()) }
    /// ```
    pub async fn verify(&self) -> Result<(), StoreError> {
        let mut reader = self.reader().await?;
        connect::check(&mut reader, &self.0.file.path(), &self.0.options).await?;
        if let Some(next) = pending(self, &mut reader).await?.into_iter().next() {
            let problem =
                format!("migration {} (`{}`) has not been run; run `migrate()`", next.version, next.description);
            return Err(self.unmigrated(problem));
        }
        let there = objects(&mut reader).await?;
        for (name, sql) in &expected().await? {
            if there.get(name) != Some(sql) {
                let problem = format!("`{name}` is missing or was changed; restore it from `migrations/sqlite`");
                return Err(self.unmigrated(problem));
            }
        }
        let open = sqlx::query("select 1 from eventsourcing_maintenance").fetch_optional(&mut *reader).await;
        if open.map_err(store_error)?.is_some() {
            let problem = "a maintenance was left open, in which stored events can be changed; \
                `delete from eventsourcing_maintenance` ends it"
                .to_owned();
            return Err(StoreError::Unfit { problem });
        }
        Ok(())
    }
}

fn migrations() -> Vec<Migration> {
    MIGRATIONS
        .iter()
        .map(|&(version, name, sql)| {
            Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
        })
        .collect()
}

/// The migrations that have not been run, in order; an error where those that have been are not of this release, nor of a
/// newer one that this release can work beside.
async fn pending(store: &Sqlite, connection: &mut SqliteConnection) -> Result<Vec<Migration>, StoreError> {
    let mut pending = migrations();
    let table = sqlx::query("select 1 from sqlite_schema where name = 'eventsourcing_migrations'");
    if table.fetch_optional(&mut *connection).await.map_err(store_error)?.is_none() {
        return Ok(pending);
    }
    let newest = pending.last().map_or(0, |migration| migration.version);
    let applied = sqlx::query("select version, checksum, needed from eventsourcing_migrations order by version");
    for row in applied.fetch_all(connection).await.map_err(store_error)? {
        let version: i64 = row.try_get(0).map_err(store_error)?;
        let checksum: Vec<u8> = row.try_get(1).map_err(store_error)?;
        let needed: i64 = row.try_get(2).map_err(store_error)?;
        let Some(index) = pending.iter().position(|migration| migration.version == version) else {
            if version > newest && needed <= newest {
                continue;
            }
            return Err(store.unmigrated(format!(
                "migration {version} is from a newer release of this library, beside which this program, which knows \
                 migrations up to {newest}, would not work; update this program"
            )));
        };
        if pending.remove(index).checksum.as_ref() != checksum {
            return Err(store.unmigrated(format!(
                "migration {version} is not the one that this release has; the tables are of another release"
            )));
        }
    }
    Ok(pending)
}

/// What the migrations make: they are run for it, in memory.
async fn expected() -> Result<BTreeMap<String, String>, StoreError> {
    let mut memory = SqliteConnectOptions::new().in_memory(true).connect().await.map_err(store_error)?;
    for migration in migrations() {
        raw_sql(migration.sql).execute(&mut memory).await.map_err(store_error)?;
    }
    objects(&mut memory).await
}

/// The tables and triggers of the store, each with the statement that has made it.
async fn objects(connection: &mut SqliteConnection) -> Result<BTreeMap<String, String>, StoreError> {
    let sql = "select name, sql from sqlite_schema where name like 'eventsourcing\\_%' escape '\\' and sql is not null";
    let rows = sqlx::query(sql).fetch_all(connection).await.map_err(store_error)?;
    let object = |row: &sqlx::sqlite::SqliteRow| Ok((row.try_get(0)?, row.try_get(1)?));
    rows.iter().map(object).collect::<Result<_, sqlx::Error>>().map_err(store_error)
}
