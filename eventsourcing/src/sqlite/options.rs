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
    pub fn new() -> Self {
        Self::default()
    }

    /// How many connections the pool of `open` opens at most for reading; 4 unless given. A pool of your own has its own
    /// limit. The store writes on one connection more, and follows the log on another one.
    pub fn max_connections(mut self, connections: u32) -> Self {
        self.max_connections = connections;
        self
    }

    /// Commits do not wait for the disk (`synchronous = NORMAL`).
    ///
    /// They are several times as quick. A crash of the program loses nothing. A crash of the machine, or a power cut, may
    /// lose the newest commits, and their positions are given to other events then: readers that keep a checkpoint
    /// elsewhere may have seen what is gone. So it is for files that can be made anew.
    pub fn synchronous_normal(mut self) -> Self {
        self.synchronous = Synchronous::Normal;
        self
    }

    /// How long a write waits for others that write: another process, or a transaction of this one that is open. Then it
    /// fails with [`Locked`](crate::StoreError::Locked). 5 seconds unless given.
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
    pub fn application_id(mut self, id: i32) -> Self {
        self.application_id = id;
        self
    }

    /// How many events one append may have; 10,000 unless given.
    pub fn events_limit(mut self, events: usize) -> Self {
        self.limits.events = events;
        self
    }

    /// How many bytes one append or batch may have in all, payloads, metadata and tags together; 64 MiB unless given.
    pub fn bytes_limit(mut self, bytes: usize) -> Self {
        self.limits.bytes = bytes;
        self
    }

    /// How many bytes one payload may have; 1 MiB unless given.
    pub fn payload_limit(mut self, bytes: usize) -> Self {
        self.limits.payload = bytes;
        self
    }

    /// How many bytes the metadata entries of one event may have; 64 KiB unless given.
    pub fn metadata_limit(mut self, bytes: usize) -> Self {
        self.limits.metadata = bytes;
        self
    }
}
