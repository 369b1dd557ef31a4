//! How a store uses its file.

use std::time::Duration;

use crate::port::Limits;

/// The bytes `evnt`: by them a file says that it holds a store.
const APPLICATION_ID: i32 = 0x6576_6e74;

/// How a store uses its file. The defaults are those of a store that loses nothing.
///
/// ```
/// use eventsourcing::SqliteOptions;
///
/// let options = SqliteOptions::new().max_connections(8).synchronous_normal();
/// ```
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    pub(super) max_connections: u32,
    pub(super) synchronous: Synchronous,
    pub(super) busy_timeout: Duration,
    pub(super) answer_timeout: Duration,
    pub(super) application_id: i32,
    pub(super) limits: Limits,
}

/// When a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Synchronous {
    Full,
    Normal,
    /// For what is gone with the process anyway.
    Off,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            max_connections: 4,
            synchronous: Synchronous::Full,
            busy_timeout: Duration::from_secs(5),
            answer_timeout: Duration::from_secs(30),
            application_id: APPLICATION_ID,
            limits: Limits::default(),
        }
    }
}

impl SqliteOptions {
    /// The defaults.
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let store = SqliteStore::open_with(path, SqliteOptions::new()).await?;
    /// # Ok(()) }
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// How many connections the pool of `open` opens at most for reading; 4 unless given. A pool of your own has its own
    /// limit. The store writes on one connection more, and follows the log on another one.
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let store = SqliteStore::open_with(path, SqliteOptions::new().max_connections(8)).await?;
    /// # Ok(()) }
    /// ```
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.max_connections = connections;
        self
    }

    /// Commits do not wait for the disk (`synchronous = NORMAL`).
    ///
    /// They are several times as quick. A crash of the program loses nothing. A crash of the machine, or a power cut, may
    /// lose the newest commits, and their positions are given to other events then: readers that keep a checkpoint
    /// elsewhere may have seen what is gone. So it is for files that can be made anew.
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let store = SqliteStore::open_with(path, SqliteOptions::new().synchronous_normal()).await?;
    /// # Ok(()) }
    /// ```
    pub fn synchronous_normal(mut self) -> Self {
        self.synchronous = Synchronous::Normal;
        self
    }

    /// How long a write waits for others that write: another process, or a transaction of this one that is open. Then it
    /// fails with [`Locked`](crate::StoreError::Locked). 5 seconds unless given.
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let options = SqliteOptions::new().busy_timeout(Duration::from_millis(20));
    /// let store = SqliteStore::open_with(path, options).await?;
    /// store.migrate().await?;
    /// let writing = store.begin().await?;
    /// assert!(matches!(store.begin().await, Err(StoreError::Locked { .. })));
    /// writing.rollback().await?;
    /// # Ok(()) }
    /// ```
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout;
        self
    }

    /// How long the file system may take for a statement of a background task; 30 seconds unless given.
    pub fn answer_timeout(mut self, timeout: Duration) -> Self {
        self.answer_timeout = timeout;
        self
    }

    /// The `application_id` of the file, for an application whose files have one of its own; otherwise it is that of this
    /// library. A file with another one is refused.
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let store = SqliteStore::open_with(path, SqliteOptions::new().application_id(0x0a0b_0c0d)).await?;
    /// store.migrate().await?;
    /// assert!(matches!(SqliteStore::open(path).await, Err(StoreError::OtherFile { .. })));
    /// # Ok(()) }
    /// ```
    pub fn application_id(mut self, id: i32) -> Self {
        self.application_id = id;
        self
    }

    /// How many events one append may have; 10,000 unless given.
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let store = SqliteStore::open_with(path, SqliteOptions::new().events_limit(2)).await?;
    /// store.migrate().await?;
    /// let stream = store.stream("account/ada".parse()?);
    /// let refused = stream.append(ExpectedVersion::Any, vec![AccountEvent::Deposited { cents: 1 }; 3]).await;
    /// assert!(matches!(refused, Err(AppendError::Invalid(_))));
    /// # Ok(()) }
    /// ```
    pub fn events_limit(mut self, events: usize) -> Self {
        self.limits.events = events;
        self
    }

    /// How many bytes one append or batch may have in all, payloads, metadata and tags together; 64 MiB unless given.
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let store = SqliteStore::open_with(path, SqliteOptions::new().bytes_limit(256 << 20)).await?;
    /// # Ok(()) }
    /// ```
    pub fn bytes_limit(mut self, bytes: usize) -> Self {
        self.limits.bytes = bytes;
        self
    }

    /// How many bytes one payload may have; 1 MiB unless given.
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let store = SqliteStore::open_with(path, SqliteOptions::new().payload_limit(4 << 20)).await?;
    /// # Ok(()) }
    /// ```
    pub fn payload_limit(mut self, bytes: usize) -> Self {
        self.limits.payload = bytes;
        self
    }

    /// How many bytes the metadata entries of one event may have; 64 KiB unless given.
    ///
    /// ```
    #[doc = include_str!("../../docs/example-sqlite.txt")]
    /// let store = SqliteStore::open_with(path, SqliteOptions::new().metadata_limit(1_000)).await?;
    /// # Ok(()) }
    /// ```
    pub fn metadata_limit(mut self, bytes: usize) -> Self {
        self.limits.metadata = bytes;
        self
    }
}
