//! How a store uses its database.

use std::time::Duration;

use crate::port::Limits;

/// Where a store's tables live unless it is told otherwise.
pub(super) const DEFAULT_SCHEMA: &str = "eventsourcing";

/// How a store uses its database. The defaults are right for a direct connection to Postgres.
///
/// ```
/// use eventsourcing::PgOptions;
///
/// let options = PgOptions::new().schema("billing").max_connections(20);
/// ```
#[derive(Debug, Clone)]
pub struct PgOptions {
    pub(crate) schema: String,
    pub(crate) max_connections: u32,
    pub(crate) listen: bool,
    pub(crate) prepared_statements: bool,
    pub(crate) transaction_pooler: bool,
    pub(crate) answer_timeout: Duration,
    pub(crate) limits: Limits,
}

impl Default for PgOptions {
    fn default() -> Self {
        Self {
            schema: DEFAULT_SCHEMA.to_owned(),
            max_connections: 10,
            listen: true,
            prepared_statements: true,
            transaction_pooler: false,
            answer_timeout: Duration::from_secs(30),
            limits: Limits::default(),
        }
    }
}

impl PgOptions {
    /// The defaults.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let store = PgStore::connect_with(url, PgOptions::new()).await?;
    /// # store.verify().await?;
    /// # Ok(()) }
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The database schema in which the store's tables live; `eventsourcing` unless given. 1 to 63 bytes.
    ///
    /// Stores in several schemas of one database have nothing in common but the server.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let options = PgOptions::new().schema("billing");
    /// let store = PgStore::connect_with(url, options).await?;
    /// store.migrate().await?;
    /// # Ok(()) }
    /// ```
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.schema = name.into();
        self
    }

    /// How many connections the pool of `connect` opens at most; 10 unless given. A pool of your own has its own limit.
    ///
    /// Each append, each page of a read and each open transaction takes one while it lasts, and a store with
    /// subscriptions keeps two.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let options = PgOptions::new().max_connections(20);
    /// let store = PgStore::connect_with(url, options).await?;
    /// store.verify().await?;
    /// # Ok(()) }
    /// ```
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.max_connections = connections;
        self
    }

    /// How many events one append may have; 10,000 unless given.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let options = PgOptions::new().events_limit(2);
    /// let store = PgStore::connect_with(url, options).await?;
    /// let stream = store.stream("account/ada".parse()?);
    /// let refused = stream.append(ExpectedVersion::Any, vec![AccountEvent::Withdrawn { cents: 1 }; 3]).await;
    /// assert!(matches!(refused, Err(AppendError::Invalid(_))));
    /// # Ok(()) }
    /// ```
    pub fn events_limit(mut self, events: usize) -> Self {
        self.limits.events = events;
        self
    }

    /// How many bytes one append or batch may have in all, payloads, metadata and tags together; 64 MiB unless given.
    ///
    /// Each append is one statement, which program, driver and server each hold in memory as a whole, several times
    /// over; Postgres refuses one of more than 1 GiB, by ending the connection.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let options = PgOptions::new().bytes_limit(256 << 20);
    /// let store = PgStore::connect_with(url, options).await?;
    /// store.verify().await?;
    /// # Ok(()) }
    /// ```
    pub fn bytes_limit(mut self, bytes: usize) -> Self {
        self.limits.bytes = bytes;
        self
    }

    /// How many bytes one payload may have; 1 MiB unless given.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let options = PgOptions::new().payload_limit(4 << 20);
    /// let store = PgStore::connect_with(url, options).await?;
    /// store.verify().await?;
    /// # Ok(()) }
    /// ```
    pub fn payload_limit(mut self, bytes: usize) -> Self {
        self.limits.payload = bytes;
        self
    }

    /// How many bytes the metadata entries of one event may have; 64 KiB unless given.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let options = PgOptions::new().metadata_limit(10);
    /// let store = PgStore::connect_with(url, options).await?;
    /// let stream = store.stream("account/ada".parse()?).with(Metadata::new().with("user", "Ada Lovelace"));
    /// let refused = stream.append(ExpectedVersion::Any, [AccountEvent::Withdrawn { cents: 1 }]).await;
    /// assert!(matches!(refused, Err(AppendError::Invalid(_))));
    /// # Ok(()) }
    /// ```
    pub fn metadata_limit(mut self, bytes: usize) -> Self {
        self.limits.metadata = bytes;
        self
    }

    /// Whether to listen for the wake-ups of other processes; on unless given. Without it, their events are found by
    /// [polling](crate::handles::Store::with_poll_interval).
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let options = PgOptions::new().listen(false);
    /// let store = PgStore::connect_with(url, options).await?;
    /// store.verify().await?;
    /// # Ok(()) }
    /// ```
    pub fn listen(mut self, listen: bool) -> Self {
        self.listen = listen;
        self
    }

    /// Whether statements stay prepared on their connections; on unless given. Turn it off behind a pooler that does
    /// not keep prepared statements; each statement then costs a second round trip.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let options = PgOptions::new().prepared_statements(false);
    /// let store = PgStore::connect_with(url, options).await?;
    /// store.verify().await?;
    /// # Ok(()) }
    /// ```
    pub fn prepared_statements(mut self, prepared: bool) -> Self {
        self.prepared_statements = prepared;
        self
    }

    /// How long the server may take to answer where nobody else would notice that it, or a pooler before it, has vanished
    /// without a word; 30 seconds unless given. When it is over, the connection is given up, and another one is opened. So
    /// do the task that follows the log and the one that listens for wake-ups, projections (but for
    /// [`apply`](crate::consumers::Projector::batch_timeout)), what is stored in the background, and reads of a page.
    ///
    /// It says nothing of the appends and transactions that callers wait for. Their connections are the pool's, and what notices a lost
    /// peer there is TCP, for which the driver has no settings: set `tcp_keepalives_idle`, `tcp_keepalives_interval`,
    /// `tcp_keepalives_count` and `tcp_user_timeout` on the server, which then ends sessions whose client is gone, and
    /// `net.ipv4.tcp_keepalive_time` and its like, or `net.ipv4.tcp_retries2`, in the operating system of the client.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let options = PgOptions::new().answer_timeout(Duration::from_secs(10));
    /// let store = PgStore::connect_with(url, options).await?;
    /// store.verify().await?;
    /// # Ok(()) }
    /// ```
    pub fn answer_timeout(mut self, timeout: Duration) -> Self {
        self.answer_timeout = timeout;
        self
    }

    /// For a pooler that gives each transaction another server connection, such as pgbouncer with `pool_mode =
    /// transaction`.
    ///
    /// Nothing is prepared then, and each statement is a transaction of its own: without a prepared statement the driver
    /// parses in one round trip and runs in the next, and a transaction keeps both on one server. That costs an append
    /// three round trips more. Nobody listens, so the events of other processes are found by
    /// [polling](crate::handles::Store::with_poll_interval). No setting is sent when a connection opens, so pgbouncer needs
    /// no `ignore_startup_parameters`; on a pool of your own, say `extra_float_digits(None)` to its `PgConnectOptions`.
    ///
    /// Everything else works as on a direct connection, [`migrate`](super::Postgres::migrate) included. Let the pooler's
    /// `default_pool_size` be at least two: one connection follows the log. Its `query_wait_timeout` and
    /// `idle_transaction_timeout` end what they meet with an error that is waited out like a lost connection.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), eventsourcing::StoreError> {
    /// use eventsourcing::{PgOptions, PgStore};
    ///
    /// let store = PgStore::connect_with("postgres://pooler:6432/shop", PgOptions::new().transaction_pooler()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn transaction_pooler(self) -> Self {
        Self { prepared_statements: false, listen: false, transaction_pooler: true, ..self }
    }
}
