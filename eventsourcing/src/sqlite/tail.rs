//! The tail: events in the order of their positions. One transaction writes at a time, and gives out its positions while it
//! does; so what is committed is settled, and there is nothing to wait for.

use std::{sync::Arc, time::Duration};

use sqlx::{ConnectOptions, Row, SqliteConnection, sqlite::SqliteRow};
use tokio::time::sleep;
use uuid::Uuid;

use super::{
    adapter::Sqlite,
    error::store_error,
    read,
    rows::{SqlitePayload, get},
    sql,
};
use crate::{
    columns::global_position,
    port::{Filter, LogQuery, Mark, StoreError, Stored, Tail, TailPage, Timeline},
    vocabulary::{EventId, GlobalPosition},
};

/// Follows the log of one store, on a connection of its own.
#[derive(Debug)]
pub struct SqliteTail {
    store: Sqlite,
    connection: SqliteConnection,
    watch: Watch,
}

/// How other processes are noticed: the database counts what others commit (`data_version`), and somebody has to look. Looking
/// costs some microseconds and touches no disk.
#[derive(Debug)]
struct Watch {
    /// What was counted before the log was last read.
    seen: Option<i64>,
    /// Until somebody looks again: short while others write, longer while nobody does.
    pause: Duration,
}

impl Watch {
    const SHORTEST: Duration = Duration::from_millis(5);
    const LONGEST: Duration = Duration::from_millis(200);
}

pub(super) async fn open(store: &Sqlite) -> Result<SqliteTail, StoreError> {
    store.0.file.check()?;
    let connection = store.pool().connect_options().connect().await.map_err(store_error)?;
    Ok(SqliteTail { store: store.clone(), connection, watch: Watch { seen: None, pause: Watch::SHORTEST } })
}

impl Tail for SqliteTail {
    type Payload = SqlitePayload;

    async fn start(&mut self) -> Result<Option<Mark>, StoreError> {
        self.last_event().await
    }

    async fn settle(&mut self) -> Result<Option<GlobalPosition>, StoreError> {
        self.last().await
    }

    async fn read(&mut self, after: Option<GlobalPosition>, limit: i64) -> Result<TailPage<SqlitePayload>, StoreError> {
        self.store.0.file.check()?;
        // Counted before the log is read: what comes in between is noticed once more than it need be, and never missed.
        self.watch.seen = Some(self.version().await?);
        let from = after.map_or(GlobalPosition::new(1), GlobalPosition::next);
        let query = LogQuery::new(Filter::new()).from(from).limit(limit);
        let page = read::log_on(&self.store, &mut self.connection, query).await?;
        let settled = page.events.last().map(Stored::position).or(after);
        Ok(TailPage { events: page.events, settled, more: page.more })
    }

    async fn end(&mut self) -> Result<Option<GlobalPosition>, StoreError> {
        self.first_row(sql::END).await?.map(|row| global_position(get(&row, 0)?)).transpose()
    }

    async fn last(&mut self) -> Result<Option<GlobalPosition>, StoreError> {
        Ok(self.last_event().await?.map(|last| last.position))
    }

    async fn event_at(&mut self, position: GlobalPosition) -> Result<Option<EventId>, StoreError> {
        let statement = sqlx::query(sql::EVENT_AT).bind(position.get());
        let row = statement.fetch_optional(&mut self.connection).await.map_err(store_error)?;
        row.map(|row| Ok(get::<Uuid>(&row, 0)?.into())).transpose()
    }

    async fn timeline(&mut self) -> Result<Option<Timeline>, StoreError> {
        let row = self.first_row(sql::HISTORY).await?;
        row.map(|row| Ok(Timeline::new(Arc::from(get::<Uuid>(&row, 0)?.to_string())))).transpose()
    }

    /// Everything that is committed is settled, so there is nothing to write down.
    async fn mark(&mut self, _: Mark) -> Result<(), StoreError> {
        Ok(())
    }

    async fn announced(&mut self) {
        loop {
            sleep(self.watch.pause).await;
            match self.version().await {
                Ok(version) if self.watch.seen == Some(version) => {
                    self.watch.pause = (self.watch.pause * 2).min(Watch::LONGEST);
                }
                // Whoever reads next gets the error.
                Ok(_) | Err(_) => {
                    self.watch.pause = Watch::SHORTEST;
                    return;
                }
            }
        }
    }
}

impl SqliteTail {
    async fn last_event(&mut self) -> Result<Option<Mark>, StoreError> {
        let row = self.first_row(sql::LAST).await?;
        row.map(|row| Ok(Mark::new(global_position(get(&row, 0)?)?, get::<Uuid>(&row, 1)?.into()))).transpose()
    }

    async fn version(&mut self) -> Result<i64, StoreError> {
        let row = sqlx::query("pragma data_version").fetch_one(&mut self.connection).await;
        row.and_then(|row| row.try_get(0)).map_err(store_error)
    }

    async fn first_row(&mut self, sql: &'static str) -> Result<Option<SqliteRow>, StoreError> {
        match sqlx::query(sql).fetch_optional(&mut self.connection).await.map_err(store_error) {
            Err(error) => Err(self.store.explained(&mut self.connection, error).await),
            row => row,
        }
    }
}
