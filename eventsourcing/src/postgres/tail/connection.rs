//! The connection of a tail: one of its own, on which every answer is waited for no longer than the options say.

use futures_util::TryStreamExt;
use sqlx::{Connection, PgConnection, Row, postgres::PgRow};
use tokio::time::timeout;
use uuid::Uuid;

use super::super::{adapter::Postgres, error::store_error, lease::Statement, rows::get};
use crate::{
    columns::global_position,
    port::{Mark, StoreError},
};

/// A connection to the log of one store.
#[derive(Debug)]
pub(super) struct TailConnection {
    pub(super) store: Postgres,
    connection: PgConnection,
    /// The database's object id.
    pub(super) database: i64,
}

impl TailConnection {
    pub(super) async fn open(store: &Postgres) -> Result<Self, StoreError> {
        let options = store.pool.connect_options();
        let connection =
            answered(store, async { PgConnection::connect_with(&options).await.map_err(store_error) }).await?;
        // It may be the first to reach another server.
        store.link.registered.forget();
        let mut opened = Self { store: store.clone(), connection, database: 0 };
        opened.introduce().await?;
        Ok(opened)
    }

    /// What a tail has to know of its server.
    async fn introduce(&mut self) -> Result<(), StoreError> {
        // Behind a pooler a setting would stay with a connection that others use.
        let is_own = !self.store.options.transaction_pooler;
        let patience = is_own.then(|| format!("{}ms", self.store.options.answer_timeout.as_millis()));
        let statement = self.store.sql.tail_open.query().bind(self.store.schema.qualify("events")).bind(patience);
        let row = self.first_row(statement).await?.ok_or_else(|| store_error(sqlx::Error::RowNotFound))?;
        if row.try_get::<bool, _>(0).map_err(store_error)? {
            return Err(StoreError::Standby);
        }
        if !row.try_get::<bool, _>(1).map_err(store_error)? {
            let problem = "it has no table `events`; run `migrate()`".to_owned();
            return Err(StoreError::Schema { schema: self.store.schema.to_string(), problem });
        }
        self.database = row.try_get(2).map_err(store_error)?;
        Ok(())
    }

    pub(super) async fn rows(&mut self, statement: Statement) -> Result<Vec<PgRow>, StoreError> {
        let Self { store, connection, .. } = self;
        answered(store, async {
            if !store.options.transaction_pooler {
                return statement.fetch_all(connection).await.map_err(store_error);
            }
            // Not prepared, it is parsed in one round trip and run in the next: both have to reach the same server.
            let mut transaction = connection.begin().await.map_err(store_error)?;
            let rows = statement.fetch_all(&mut *transaction).await.map_err(store_error)?;
            transaction.commit().await.map_err(store_error)?;
            Ok(rows)
        })
        .await
    }

    pub(super) async fn first_row(&mut self, statement: Statement) -> Result<Option<PgRow>, StoreError> {
        Ok(self.rows(statement).await?.into_iter().next())
    }

    /// The rows of a statement. The server has to answer with each of them in time, not with all.
    pub(super) async fn arriving_rows(&mut self, statement: Statement) -> Result<Vec<PgRow>, StoreError> {
        if self.store.options.transaction_pooler {
            return self.rows(statement).await;
        }
        let (mut rows, mut arriving) = (Vec::new(), statement.fetch(&mut self.connection));
        let mut next = async || answered(&self.store, async { arriving.try_next().await.map_err(store_error) }).await;
        while let Some(row) = next().await? {
            rows.push(row);
        }
        Ok(rows)
    }

    /// The last event up to a position.
    pub(super) async fn last_up_to(&mut self, position: i64) -> Result<Option<Mark>, StoreError> {
        let statement = self.store.sql.tail_last.query().bind(position);
        let last = self.first_row(statement).await?;
        last.map(|row| Ok(Mark { position: global_position(get(&row, 0)?)?, event_id: get::<Uuid>(&row, 1)?.into() }))
            .transpose()
    }

    /// The last position that has been handed out, 0 when none has.
    pub(super) async fn last_value(&mut self) -> Result<i64, StoreError> {
        let statement = self.store.sql.tail_end.query();
        let row = self.first_row(statement).await?.ok_or_else(|| store_error(sqlx::Error::RowNotFound))?;
        let is_called: bool = row.try_get(1).map_err(store_error)?;
        if is_called { row.try_get(0).map_err(store_error) } else { Ok(0) }
    }
}

/// Waits for an answer of the server, as long as the options say.
async fn answered<T>(store: &Postgres, answer: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    timeout(store.options.answer_timeout, answer).await.unwrap_or_else(|_| Err(store.silence()))
}
