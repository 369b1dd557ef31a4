//! What the tests share: a domain, and files that are removed afterwards.

use std::{
    fs,
    path::{Path, PathBuf},
};

use eventsourcing::{
    Aggregate, Apply, Decide, Event, EventId, ExpectedVersion, Projection, Recorded, Sqlite, SqliteOptions,
    SqliteStore, StreamVersion,
    sqlx::{self, ConnectOptions, SqliteConnection, SqlitePool, sqlite::SqliteConnectOptions},
};

#[path = "../integration/support/account.rs"]
pub(crate) mod account;
#[path = "../integration/support/port.rs"]
#[expect(dead_code, reason = "what runs on Postgres alone needs the rest")]
pub(crate) mod port;

/// The database that the tests in `both` run on here.
pub(crate) type Database = Sqlite;

/// A file for each test.
pub(crate) struct TestDb(Sqlite);

impl TestDb {
    pub(crate) async fn new() -> Self {
        let store = Sqlite::in_memory(SqliteOptions::new()).await.unwrap();
        store.migrate().await.unwrap();
        Self(store)
    }

    pub(crate) fn backend(&self) -> Sqlite {
        self.0.clone()
    }

    pub(crate) fn store(&self) -> SqliteStore {
        SqliteStore::over(self.backend())
    }
}

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "account", unlocked)]
pub(crate) enum AccountEvent {
    Deposited { cents: i64 },
    Withdrawn { cents: i64 },
}

#[derive(Debug, Default, Aggregate)]
#[aggregate(event = AccountEvent, id = String, category = "account")]
pub(crate) struct Account {
    pub(crate) cents: i64,
}

impl Apply<AccountEvent> for Account {
    fn apply(&mut self, event: &AccountEvent) {
        match event {
            AccountEvent::Deposited { cents } => self.cents += cents,
            AccountEvent::Withdrawn { cents } => self.cents -= cents,
        }
    }
}

pub(crate) struct Deposit(pub(crate) i64);

impl Decide<Deposit> for Account {
    type Error = std::convert::Infallible;

    fn decide(&self, &Deposit(cents): &Deposit) -> Result<Vec<AccountEvent>, Self::Error> {
        Ok(vec![AccountEvent::Deposited { cents }])
    }
}

/// Balances of all accounts, in a table of the same file.
pub(crate) struct Balances;

impl Balances {
    pub(crate) const TABLE: &str = "create table balances (account text primary key, cents integer not null) strict";
}

impl Projection<Sqlite> for Balances {
    const NAME: &'static str = "balances";
    type Event = AccountEvent;
    type Error = sqlx::Error;

    async fn apply(
        &self,
        batch: &[Recorded<AccountEvent>],
        connection: &mut SqliteConnection,
    ) -> Result<(), sqlx::Error> {
        for recorded in batch {
            let change = match recorded.event {
                AccountEvent::Deposited { cents } => cents,
                AccountEvent::Withdrawn { cents } => -cents,
            };
            sqlx::query(
                "insert into balances values ($1, $2) on conflict (account) do update set cents = cents + excluded.cents",
            )
            .bind(recorded.stream_id.id())
            .bind(change)
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }
}

/// A directory of a test's own.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("eventsourcing-test-{}", EventId::new().as_uuid().simple()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.join("events.sqlite")
    }

    /// A migrated store in the file of this directory.
    pub(crate) async fn store(&self) -> SqliteStore {
        migrated(&self.file()).await
    }

    /// A pool with these options on the file.
    pub(crate) fn pool(&self, options: impl FnOnce(SqliteConnectOptions) -> SqliteConnectOptions) -> SqlitePool {
        SqlitePool::connect_lazy_with(options(SqliteConnectOptions::new().filename(self.file())))
    }

    /// A connection that knows nothing of stores.
    pub(crate) async fn stranger(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.file()).connect().await.unwrap()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

pub(crate) async fn migrated(path: &Path) -> SqliteStore {
    let store = SqliteStore::open(path).await.unwrap();
    store.migrate().await.unwrap();
    store
}

pub(crate) fn deposit(cents: i64) -> [AccountEvent; 1] {
    [AccountEvent::Deposited { cents }]
}

/// Appends one deposit to the stream of this account.
pub(crate) async fn append(store: &SqliteStore, account: &str) -> StreamVersion {
    let stream = store.stream(format!("account/{account}").parse().unwrap());
    stream.append(ExpectedVersion::Any, deposit(1)).await.unwrap().version.unwrap()
}

pub(crate) async fn number(connection: impl sqlx::SqliteExecutor<'_>, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
}
