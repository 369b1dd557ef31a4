//! One database for each test, copied from a migrated template.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    thread,
    time::Duration,
};

use eventsourcing::{
    PgOptions, PgStore, Postgres, Store, StreamId,
    postgres::MIGRATIONS,
    testing::{PrivateCluster, database_url_or_private},
};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool, Row,
    postgres::{PgConnectOptions, PgPoolOptions},
    raw_sql,
};
use tokio::{runtime, sync::OnceCell, time::sleep};
use uuid::Uuid;

/// How an empty database is made, whatever the server's default encoding is.
const EMPTY: &str = "template template0 encoding 'UTF8'";

/// A database of its own with the store's tables, on the server of `DATABASE_URL` or on a private cluster; dropped with
/// this handle.
#[derive(Debug)]
pub(crate) struct TestDb {
    options: PgConnectOptions,
    name: String,
    pool: PgPool,
}

impl TestDb {
    /// A migrated database without events.
    pub(crate) async fn new() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(make_template).await;
        Self::create(&server(), &format!("template {template}")).await
    }

    /// A database without anything, not even the store's schema.
    pub(crate) async fn unmigrated() -> Self {
        Self::create(&server(), EMPTY).await
    }

    /// A database without anything, in another encoding than UTF-8.
    pub(crate) async fn with_encoding(encoding: &str) -> Self {
        Self::create(&server(), &format!("template template0 locale 'C' encoding '{encoding}'")).await
    }

    /// The same as [`new`](Self::new), on a cluster that the test has for itself.
    pub(crate) async fn on(cluster: &PrivateCluster) -> Self {
        let server = cluster.url("postgres").parse().unwrap();
        let db = Self::create(&server, EMPTY).await;
        db.backend().migrate().await.unwrap();
        db
    }

    async fn create(server: &PgConnectOptions, how: &str) -> Self {
        let name = format!("test_{}", Uuid::now_v7().simple());
        let mut connection = server.connect().await.unwrap();
        run(&mut connection, format!("create database {name} {how}")).await;
        connection.close().await.unwrap();
        let options = server.clone().database(&name);
        let pool =
            PgPoolOptions::new().max_connections(48).test_before_acquire(false).connect_lazy_with(options.clone());
        Self { options, name, pool }
    }

    /// A pool for the test's own statements, which its stores use as well.
    pub(crate) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// How to connect to the database.
    pub(crate) fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    pub(crate) fn url(&self) -> String {
        self.options.to_url_lossy().to_string()
    }

    pub(crate) async fn connect(&self) -> PgConnection {
        self.options.connect().await.unwrap()
    }

    /// The adapter, in the schema of the template.
    pub(crate) fn backend(&self) -> Postgres {
        self.backend_with(PgOptions::new())
    }

    pub(crate) fn backend_with(&self, options: PgOptions) -> Postgres {
        Postgres::with_options(self.pool.clone(), options).unwrap()
    }

    /// A store in the schema of the template.
    pub(crate) fn store(&self) -> PgStore {
        Store::over(self.backend())
    }

    /// A store in another schema of the same database.
    pub(crate) async fn store_in_schema(&self, schema: &str) -> PgStore {
        let store = Store::over(self.backend_with(PgOptions::new().schema(schema)));
        store.migrate().await.unwrap();
        store
    }

    /// Waits until this many sessions of the database wait for a lock.
    pub(crate) async fn until_blocked(&self, sessions: i64) {
        let sql =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        super::patiently(async {
            while sqlx::query(sql).fetch_one(&self.pool).await.unwrap().get::<i64, _>(0) < sessions {
                sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }

    /// The version of the stream's snapshot.
    pub(crate) async fn snapshot(&self, stream_id: &StreamId) -> Option<i64> {
        let sql = "select version from eventsourcing.snapshots where stream_id = $1";
        let row = sqlx::query(sql).bind(stream_id.as_str()).fetch_optional(&self.pool).await.unwrap();
        row.map(|row| row.get(0))
    }

    /// Waits for a snapshot that is stored in the background.
    pub(crate) async fn until_snapshot(&self, stream_id: StreamId, version: i64) {
        super::patiently(async {
            while self.snapshot(&stream_id).await != Some(version) {
                sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let (mut options, name) = (self.options.clone(), self.name.clone());
        options = options.database("postgres");
        // A runtime of its own: the test's may be in any state by now.
        let dropped = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut connection = options.connect().await?;
                let sql = format!("drop database if exists {name} with (force)");
                raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
                connection.close().await
            })
        });
        // A server that has been stopped keeps its databases; it is a private one then.
        let _ = dropped.join();
    }
}

/// The server on which tests make their databases.
fn server() -> PgConnectOptions {
    database_url_or_private().unwrap_or_else(|error| panic!("{error}")).parse().unwrap()
}

/// Makes the template of these migrations, unless an earlier run or another process has; its name.
async fn make_template() -> String {
    let mut hasher = DefaultHasher::new();
    MIGRATIONS.hash(&mut hasher);
    let name = format!("eventsourcing_template_{:016x}", hasher.finish());
    let mut connection = server().connect().await.unwrap();
    // One process at a time; the end of the session releases it.
    let lock = "select pg_advisory_lock(hashtextextended('eventsourcing_template', 0))";
    raw_sql(lock).execute(&mut connection).await.unwrap();
    let exists = sqlx::query("select from pg_database where datname = $1").bind(&name);
    if exists.fetch_optional(&mut connection).await.unwrap().is_none() {
        // Renamed when it is complete, so that a run that was killed leaves no half of one.
        let draft = format!("{name}_draft");
        run(&mut connection, format!("drop database if exists {draft} with (force)")).await;
        run(&mut connection, format!("create database {draft} {EMPTY}")).await;
        let pool = PgPool::connect_with(server().database(&draft)).await.unwrap();
        Postgres::new(pool.clone()).migrate().await.unwrap();
        pool.close().await;
        run(&mut connection, format!("alter database {draft} rename to {name}")).await;
    }
    connection.close().await.unwrap();
    name
}

async fn run(connection: &mut PgConnection, sql: String) {
    raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}
