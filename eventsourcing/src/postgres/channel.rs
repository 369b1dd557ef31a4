//! The channel on which the processes of a store tell each other that the log has grown.

use std::sync::atomic::AtomicBool;

use super::sql::SchemaName;
use crate::vocabulary::EventId;

/// The channel of a store. Shared by its clones.
#[derive(Debug)]
pub(super) struct Channel {
    pub(super) name: String,
    /// Tells the notifications of this store from those of others: its own readers have been woken already.
    pub(super) sender: String,
    /// Whether a notification is to be sent.
    pub(super) is_due: AtomicBool,
    /// Whether a task is at work that sends notifications.
    pub(super) is_running: AtomicBool,
}

impl Channel {
    /// A name of fixed length, whatever the schema is called.
    pub(super) fn new(schema: &SchemaName) -> Self {
        let hash = schema
            .as_str()
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self {
            name: format!("eventsourcing_{hash:016x}"),
            sender: EventId::new().to_string(),
            is_due: AtomicBool::new(false),
            is_running: AtomicBool::new(false),
        }
    }
}
