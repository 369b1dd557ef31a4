//! The store's own tables: made by `migrate`, checked by `verify`.

use std::borrow::Cow;

use sqlx::{
    AssertSqlSafe, PgConnection, PgPool, Row, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
    postgres::PgPoolOptions,
};

use super::{
    Postgres,
    error::{migrate_error, store_error},
};
use crate::store::StoreError;

macro_rules! migrations {
    ($($version:literal $name:literal,)*) => {
        &[$(($version, $name, include_str!(concat!("../../migrations/", $name, ".sql"))),)*]
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
];

pub(super) async fn migrate(store: &Postgres) -> Result<(), StoreError> {
    // A connection of its own, always closed: a failed run leaves the driver's session lock behind. It is in a pool of
    // one because the driver's migrator, given a borrowed connection, makes a future that cannot be spawned.
    let search_path = format!("set search_path = {}", store.schema.quoted());
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .after_connect(move |connection, _| {
            let search_path = AssertSqlSafe(search_path.clone());
            Box::pin(async move { sqlx::raw_sql(search_path).execute(connection).await.map(drop) })
        })
        .connect_with((*store.pool.connect_options()).clone())
        .await
        .map_err(store_error)?;
    let result = run(store, &pool).await;
    pool.close().await;
    result
}

async fn run(store: &Postgres, pool: &PgPool) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await.map_err(store_error)?;
    check_server(store, &mut connection).await?;
    // The schema first: a role that may not create one can still migrate into one that is there.
    if !schema_exists(store, &mut connection).await? {
        let sql = format!("create schema if not exists {}", store.schema.quoted());
        let created = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await.map_err(store_error);
        // Another process that creates it at the same moment makes this an error; then it is there.
        if !schema_exists(store, &mut connection).await? {
            created?;
        }
    }
    drop(connection);
    let mut migrator = Migrator::with_migrations(migrations());
    migrator.dangerous_set_table_name(store.schema.qualify("_migrations"));
    migrator.run(pool).await.map_err(|error| migrate_error(error, store.schema.as_str()))
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
    let row =
        sqlx::query("select exists (select from pg_catalog.pg_namespace n where n.nspname operator(pg_catalog.=) $1)")
            .bind(store.schema.as_str().to_owned())
            .fetch_one(connection)
            .await
            .map_err(store_error)?;
    row.try_get(0).map_err(store_error)
}

/// Reads only, so that a role without the right to create tables can run it.
pub(super) async fn verify(store: &Postgres) -> Result<(), StoreError> {
    let mut connection = store.acquire().await?;
    check_server(store, &mut connection).await?;
    check_migrations(store, &mut connection).await?;
    check_log(store, &mut connection).await?;
    check_sequence(store, &mut connection).await
}

async fn check_server(_store: &Postgres, connection: &mut PgConnection) -> Result<(), StoreError> {
    let row = sqlx::query(
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
    let missing = |problem: String| StoreError::Schema { schema: store.schema.to_string(), problem };
    let table = store.schema.qualify("_migrations");
    let exists: Option<String> = sqlx::query("select pg_catalog.to_regclass($1)::pg_catalog.text")
        .bind(table.clone())
        .fetch_one(&mut *connection)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(store_error)?;
    if exists.is_none() {
        return Err(missing(
            "its migrations have not been run; run `migrate()` with a role that may create tables".to_owned(),
        ));
    }
    let sql = format!("select version, checksum, success from {table} order by version");
    let applied = sqlx::query(AssertSqlSafe(sql)).fetch_all(connection).await.map_err(store_error)?;
    let known = migrations();
    for row in &applied {
        let version: i64 = row.try_get(0).map_err(store_error)?;
        let checksum: Vec<u8> = row.try_get(1).map_err(store_error)?;
        let migration = known.iter().find(|migration| migration.version == version);
        match migration {
            None => return Err(missing(format!("migration {version} is from a newer release than this one"))),
            Some(migration) if migration.checksum.as_ref() != checksum => {
                return Err(missing(format!("migration {version} is not the one that this release has")));
            }
            Some(_) if !row.try_get::<bool, _>(2).map_err(store_error)? => {
                return Err(missing(format!("migration {version} has failed half-way")));
            }
            Some(_) => {}
        }
    }
    match known.get(applied.len()) {
        Some(next) => Err(missing(format!("migration {} (`{}`) has not been run", next.version, next.description))),
        None => Ok(()),
    }
}

/// What migrations have made and somebody may have unmade: a restore in parts, a bulk load, a maintenance that was left.
async fn check_log(store: &Postgres, connection: &mut PgConnection) -> Result<(), StoreError> {
    let row = sqlx::query(
        "select c.relpersistence operator(pg_catalog.=) 'p'::\"char\",
            exists (select from pg_catalog.pg_trigger t where t.tgrelid operator(pg_catalog.=) c.oid
                and t.tgname operator(pg_catalog.=) 'events_are_immutable'
                and t.tgenabled operator(pg_catalog.=) 'A'::\"char\"),
            exists (select from pg_catalog.pg_constraint k where k.conrelid operator(pg_catalog.=) c.oid
                and k.conname operator(pg_catalog.=) 'events_stream_id_version_key'),
            exists (select from pg_catalog.pg_attrdef d
                join pg_catalog.pg_depend r on r.classid operator(pg_catalog.=) 'pg_catalog.pg_attrdef'::pg_catalog.regclass
                    and r.objid operator(pg_catalog.=) d.oid
                    and r.refobjid operator(pg_catalog.=) $2::pg_catalog.regclass
                where d.adrelid operator(pg_catalog.=) c.oid)
         from pg_catalog.pg_class c where c.oid operator(pg_catalog.=) $1::pg_catalog.regclass",
    )
    .bind(store.schema.qualify("events"))
    .bind(store.schema.qualify("events_position"))
    .fetch_one(connection)
    .await
    .map_err(store_error)?;
    let problems = [
        "the table `events` is unlogged, so that a crash would empty it; set it to `logged`",
        "the trigger `events_are_immutable` is off; `alter table events enable always trigger events_are_immutable`",
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
    let row = sqlx::query(AssertSqlSafe(sql)).bind(sequence).fetch_one(connection).await.map_err(store_error)?;
    let number = |column: usize| row.try_get::<i64, _>(column).map_err(store_error);
    let flag = |column: usize| row.try_get::<bool, _>(column).map_err(store_error);
    let handed_out = if flag(4)? { number(3)? } else { 0 };
    let problem = if number(0)? != 1 {
        format!("the sequence `events_position` caches {} values; set it to `cache 1`", number(0)?)
    } else if number(1)? != 1 || flag(2)? {
        "the sequence `events_position` must count up by 1 without a cycle".to_owned()
    } else if handed_out < number(5)? {
        format!(
            "the sequence `events_position` is at {handed_out}, but the log reaches {}; set it to that with `setval`",
            number(5)?
        )
    } else {
        return Ok(());
    };
    Err(StoreError::Unfit { problem })
}
