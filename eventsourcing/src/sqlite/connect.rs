//! Opening connections, and what a file must be to hold a store.

use std::{path::Path, time::Duration};

use sqlx::{
    ConnectOptions, Row, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    error::{PATIENCE, is_busy, is_no_database, store_error},
    file::StoreFile,
    options::{SqliteOptions, Synchronous},
};
use crate::{backoff::Backoff, port::StoreError};

/// The options of every connection to the file at this path.
pub(super) fn options_for(path: &Path, options: &SqliteOptions) -> SqliteConnectOptions {
    let synchronous = match options.synchronous {
        Synchronous::Full => SqliteSynchronous::Full,
        Synchronous::Normal => SqliteSynchronous::Normal,
        Synchronous::Off => SqliteSynchronous::Off,
    };
    let connect = SqliteConnectOptions::new().filename(path).busy_timeout(PATIENCE).synchronous(synchronous);
    connect.row_buffer_size(16).disable_statement_logging()
}

/// The pool of a store that has opened its file by itself. It opens nothing yet.
pub(super) fn pool_for(
    connect: SqliteConnectOptions,
    options: &SqliteOptions,
    file: std::sync::Arc<StoreFile>,
) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .test_before_acquire(false)
        .before_acquire(move |_, connection| {
            let is_current = file.is_current(connection.age);
            Box::pin(async move { Ok(is_current) })
        })
        .connect_lazy_with(connect)
}

/// Makes sure of the file at a path, and makes it where there is none.
pub(super) async fn create(connect: &SqliteConnectOptions, options: &SqliteOptions) -> Result<(), StoreError> {
    let path = connect.get_filename().display().to_string();
    let create = connect.clone().create_if_missing(true);
    let mut connection = create.connect().await.map_err(|error| opening(error, &path))?;
    let mut backoff = Backoff::new(Duration::from_millis(1), Duration::from_millis(50));
    let mut attempts = 0..100;
    // What is empty belongs to nobody; a file with something in it is left as it is. Two processes may begin at once.
    while is_empty(&mut connection, &path).await? && attempts.next().is_some() {
        match sqlx::query("pragma journal_mode = wal").execute(&mut connection).await {
            Ok(_) => break,
            Err(error) if is_busy(&error) => backoff.wait().await,
            Err(error) => return Err(store_error(error)),
        }
    }
    check(&mut connection, &path, options).await
}

async fn is_empty(connection: &mut SqliteConnection, path: &str) -> Result<bool, StoreError> {
    let pages: i64 = pragma(connection, path, "pragma page_count").await?;
    Ok(pages == 0)
}

/// Refuses a file that cannot hold a store, or that is another program's.
pub(super) async fn check(
    connection: &mut SqliteConnection,
    path: &str,
    options: &SqliteOptions,
) -> Result<(), StoreError> {
    let id: i32 = pragma(connection, path, "pragma application_id").await?;
    if id != 0 && id != options.application_id {
        let problem = format!("its application id is {id:#010x}, which is another program's");
        return Err(StoreError::OtherFile { path: path.to_owned(), problem });
    }
    let mode: String = pragma(connection, path, "pragma journal_mode").await?;
    match mode.as_str() {
        "wal" => Ok(()),
        "memory" => Err(StoreError::Unfit {
            problem: "each connection has a database of its own in memory; `SqliteStore::in_memory()` has one for all"
                .to_owned(),
        }),
        _ => Err(StoreError::Unfit {
            problem: format!(
                "the journal mode of `{path}` is `{mode}`, in which readers and the writer wait for each other; run `pragma \
                 journal_mode = wal` once, while no other program has the file open. On a network file system that is refused, \
                 and a store cannot live there"
            ),
        }),
    }
}

/// What the database says of itself. The first that is asked of a file reads its header.
async fn pragma<T>(connection: &mut SqliteConnection, path: &str, sql: &'static str) -> Result<T, StoreError>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    let row = sqlx::query(sql).fetch_one(connection).await;
    row.and_then(|row| row.try_get(0)).map_err(|error| opening(error, path))
}

fn opening(error: sqlx::Error, path: &str) -> StoreError {
    if is_no_database(&error) {
        return StoreError::OtherFile { path: path.to_owned(), problem: "it is no database of SQLite".to_owned() };
    }
    store_error(error)
}
