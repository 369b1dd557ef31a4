//! Up to where the log is settled, for those who read it once.

use std::{pin::pin, time::Duration};

use tokio::time::timeout;

use super::{head::Told, tailer::Tailer};
use crate::{
    port::{Backend, StoreError},
    vocabulary::GlobalPosition,
};

/// After how long to look what a read waits for: at first, and at most. Each time it is four times as long.
const LOOK: (Duration, Duration) = (Duration::from_secs(1), Duration::from_mins(1));

impl<B: Backend> Tailer<B> {
    /// Up to where the log is settled when everything in it is that was committed before this call.
    ///
    /// Waits for transactions whose events may still come before one that is there already. The caller may be holding one of
    /// those itself, and nobody can know, so the log says what is waited for. A database that cannot be reached is an error
    /// here, where a subscription would wait for it.
    ///
    /// `begun_here` tells how many transactions of this process are open.
    pub(crate) async fn settled_now(
        &self,
        backend: &B,
        begun_here: impl Fn() -> usize,
    ) -> Result<Option<GlobalPosition>, StoreError> {
        let mut told = Told::default();
        let mut refreshed = pin!(self.refreshed(self.request_refresh(), &mut told));
        let (mut pause, longest) = LOOK;
        let mut waited = Duration::ZERO;
        loop {
            if let Ok(head) = timeout(pause, refreshed.as_mut()).await {
                return Ok(head?.settled);
            }
            waited += pause;
            pause = (pause * 4).min(longest);
            let blockers = backend.blockers().await?;
            if waited > LOOK.0 && !blockers.is_empty() {
                let begun_here = begun_here();
                tracing::warn!(
                    ?waited,
                    ?blockers,
                    begun_here,
                    "a read of the log waits for transactions that have written events and not ended; a task that holds one \
                     of them waits for itself: it has to commit before it reads"
                );
            }
        }
    }
}
