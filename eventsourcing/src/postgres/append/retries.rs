//! What an append tries again by itself, and how often.

use std::time::Duration;

use super::super::error::is_unsent;
use crate::{backoff::Backoff, port::StoreError};

/// A lost race is no conflict for `Any` and `StreamExists`, only a reason to try again. In each round somebody wins, so
/// that this many losses in a row mean that something else is wrong.
const MAX_LOSSES: u32 = 1_000;

/// So many races may be lost before there is a pause: the winner has committed, so the next one is likely to be won.
const LOSSES_WITHOUT_PAUSE: u32 = 3;

pub(super) struct Retries {
    losses: u32,
    backoff: Backoff,
    was_resent: bool,
    was_behind: bool,
}

impl Default for Retries {
    fn default() -> Self {
        let backoff = Backoff::new(Duration::from_millis(1), Duration::from_millis(50));
        Self { losses: 0, backoff, was_resent: false, was_behind: false }
    }
}

impl Retries {
    /// A race was lost: waits, after some of them, and says whether to try again.
    pub(super) async fn after_loss(&mut self) -> bool {
        self.losses += 1;
        if self.losses > LOSSES_WITHOUT_PAUSE {
            self.backoff.wait().await;
        }
        self.losses < MAX_LOSSES
    }

    /// Whether to try again after this error. `can_repeat` says that nothing is stored twice by it.
    pub(super) fn after_error(&mut self, error: &StoreError, can_repeat: bool) -> bool {
        let used = match error {
            // Once: the connection was a dead one of before a failover, and the next one is asked first.
            StoreError::Unavailable { .. } if can_repeat || is_unsent(error) => &mut self.was_resent,
            // Once: what this process has seen of the log may be gone, and the next statement asks the database.
            StoreError::SequenceBehind { .. } => &mut self.was_behind,
            _ => return false,
        };
        !std::mem::replace(used, true)
    }
}
