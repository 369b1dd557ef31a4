// What the examples of this library share: the domain of the README, a projection of it, and a database of their own.

use std::{error::Error, num::NonZero, time::Duration};

use eventsourcing::{
    After, Aggregate, AggregateRoot, AppendBatch, AppendError, Apply, Catalog, Category, Decide, Delivery, Event,
    EventId, ExecuteError, ExpectedVersion, GlobalPosition, HistoryError, Metadata, NewEvent, OnUndecodable, PgOptions,
    PgStore, Postgres, Projection, Recorded, RetryPolicy, Schema, Snapshots, Store, StoreError, StreamId,
    StreamVersion, sqlx,
};
use private_postgres::PrivateCluster;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, PgPool, postgres::PgConnectOptions, raw_sql};

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Deposited { cents: i64 },
    Withdrawn { cents: i64 },
}

#[derive(Debug, Default, Aggregate)]
#[aggregate(event = AccountEvent, id = String, category = "account")]
struct Account {
    cents: i64,
}

impl Apply<AccountEvent> for Account {
    fn apply(&mut self, event: &AccountEvent) {
        match event {
            AccountEvent::Deposited { cents } => self.cents += cents,
            AccountEvent::Withdrawn { cents } => self.cents -= cents,
        }
    }
}

struct Withdraw {
    cents: i64,
}

#[derive(Debug, PartialEq, thiserror::Error)]
#[error("only {left} cents left")]
struct Overdrawn {
    left: i64,
}

impl Decide<Withdraw> for Account {
    type Error = Overdrawn;

    fn decide(&self, command: &Withdraw) -> Result<Vec<AccountEvent>, Overdrawn> {
        if command.cents > self.cents {
            return Err(Overdrawn { left: self.cents });
        }
        Ok(vec![AccountEvent::Withdrawn { cents: command.cents }])
    }
}

struct Balances;

impl Balances {
    const TABLE: &str = "create table balances (account text primary key, cents bigint not null)";
}

impl Projection<Postgres> for Balances {
    const NAME: &'static str = "balances";
    type Event = AccountEvent;
    type Error = sqlx::Error;

    async fn apply(
        &self,
        batch: &[Recorded<AccountEvent>],
        connection: &mut sqlx::PgConnection,
    ) -> Result<(), sqlx::Error> {
        for recorded in batch {
            let change = match recorded.event {
                AccountEvent::Deposited { cents } => cents,
                AccountEvent::Withdrawn { cents } => -cents,
            };
            sqlx::query(
                "insert into balances values ($1, $2)
                 on conflict (account) do update set cents = balances.cents + excluded.cents",
            )
            .bind(recorded.stream_id.id())
            .bind(change)
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }
}

// Runs an example on a store of its own, in which `ada` has 100 cents, and drops the database after it.
fn run(example: impl AsyncFnOnce(PgStore, &str) -> Result<(), Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let server: PgConnectOptions = match std::env::var("DATABASE_URL") {
            Ok(url) if !url.is_empty() => url.parse()?,
            _ => PrivateCluster::shared()?.url("postgres").parse()?,
        };
        let administrator = PgPool::connect_with(server.clone()).await?;
        let database = format!("example_{}", EventId::new().as_uuid().simple());
        let create = format!("create database {database} template template0 encoding 'UTF8'");
        raw_sql(AssertSqlSafe(create)).execute(&administrator).await?;
        let result = on_new_store(server.database(&database).to_url_lossy().as_str(), example).await;
        let drop = format!("drop database {database} with (force)");
        raw_sql(AssertSqlSafe(drop)).execute(&administrator).await?;
        result
    })
}

async fn on_new_store(
    url: &str,
    example: impl AsyncFnOnce(PgStore, &str) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let store = PgStore::connect(url).await?;
    store.migrate().await?;
    let deposit = [AccountEvent::Deposited { cents: 100 }];
    store.stream("account/ada".parse()?).append(ExpectedVersion::NoStream, deposit).await?;
    raw_sql(Balances::TABLE).execute(store.pool()).await?;
    example(store, url).await
}
