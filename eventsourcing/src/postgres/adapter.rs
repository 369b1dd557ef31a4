//! The handle of the adapter: its pool, its options, and what its clones share.

use std::sync::Arc;

use sqlx::{PgPool, postgres::PgConnectOptions};

use super::{
    channel::Channel,
    error::store_error,
    link::{Link, pool_options},
    options::PgOptions,
    sql::{SchemaName, Statements},
};
use crate::port::StoreError;

/// Events in Postgres: the adapter, and the marker that projections name.
///
/// A cheap handle. Its tables live in a schema of their own, so it shares a database with anything.
///
/// # Rights
///
/// Only [`migrate`](Self::migrate) needs a role that may create tables. For everything else these grants are enough:
///
/// ```sql
#[doc = include_str!("../../docs/grants.sql")]
/// ```
#[derive(Debug, Clone)]
pub struct Postgres {
    pub(super) pool: PgPool,
    pub(super) schema: SchemaName,
    pub(super) sql: Arc<Statements>,
    pub(super) options: Arc<PgOptions>,
    pub(super) channel: Arc<Channel>,
    pub(super) link: Arc<Link>,
    /// Whether the pool makes sure of its connections as they come back.
    pub(super) is_own_pool: bool,
}

impl Postgres {
    /// Opens a pool of connections, at least one at once. Creates no tables: that is [`migrate`](Self::migrate). A
    /// dropped future leaves nothing behind.
    ///
    /// # Errors
    ///
    /// At once when nobody listens at that address, or the database refuses the connection.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let backend = Postgres::connect(url, PgOptions::new()).await?;
    /// backend.migrate().await?;
    /// let store = Store::over(backend);
    /// # Ok(()) }
    /// ```
    pub async fn connect(url: &str, options: PgOptions) -> Result<Self, StoreError> {
        let mut connect: PgConnectOptions = url.parse().map_err(store_error)?;
        if options.transaction_pooler {
            // The driver would ask for it while connecting, which such a pooler refuses.
            connect = connect.extra_float_digits(None);
        }
        let link = Arc::new(Link::proven(&connect).await?);
        let pool = pool_options(&options, &link).connect_with(connect).await.map_err(store_error)?;
        Ok(Self { link, is_own_pool: true, ..Self::with_options(pool, options)? })
    }

    /// A store on a pool of the caller's own, in the schema `eventsourcing`.
    ///
    /// Each statement costs a round trip more than with [`connect`](Self::connect), because somebody else may have left
    /// a connection of this pool inside a transaction; with the pool's `test_before_acquire` at its default, yet
    /// another one. An application that wants one pool for everything uses [`pool`](Self::pool) of a store that has
    /// connected by itself.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let pool = sqlx::PgPool::connect(url).await?;
    /// let store = Store::over(Postgres::new(pool));
    /// # Ok(()) }
    /// ```
    pub fn new(pool: PgPool) -> Self {
        Self::in_schema(pool, SchemaName::default(), PgOptions::new())
    }

    /// The same, with other options.
    ///
    /// # Errors
    ///
    /// [`Schema`](StoreError::Schema) when the schema has an impossible name.
    ///
    /// # Example
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let pool = sqlx::PgPool::connect(url).await?;
    /// let refused = Postgres::with_options(pool, PgOptions::new().schema("pg_events"));
    /// assert!(matches!(refused, Err(StoreError::Schema { .. })));
    /// # Ok(()) }
    /// ```
    pub fn with_options(pool: PgPool, options: PgOptions) -> Result<Self, StoreError> {
        let schema = SchemaName::new(&options.schema).ok_or_else(|| StoreError::Schema {
            schema: options.schema.clone(),
            problem: "a schema name has 1 to 63 bytes, no NUL, and does not begin with `pg_`".to_owned(),
        })?;
        Ok(Self::in_schema(pool, schema, options))
    }

    fn in_schema(pool: PgPool, schema: SchemaName, options: PgOptions) -> Self {
        Self {
            sql: Arc::new(Statements::new(&schema, options.prepared_statements)),
            channel: Arc::new(Channel::new(&schema)),
            pool,
            schema,
            options: Arc::new(options),
            link: Arc::default(),
            is_own_pool: false,
        }
    }

    /// The pool of connections.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let backend = Postgres::connect(url, PgOptions::new().max_connections(20)).await?;
    /// assert_eq!(backend.pool().options().get_max_connections(), 20);
    /// # Ok(()) }
    /// ```
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Every statement that runs on a migrated store, by name: for audits, and for preparing them in tests.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let writes = store.backend().statements().filter(|(_, sql)| sql.contains("insert into"));
    /// for (name, sql) in writes {
    ///     println!("-- {name}\n{sql};");
    /// }
    /// # Ok(()) }
    /// ```
    pub fn statements(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.sql.all()
    }
}
