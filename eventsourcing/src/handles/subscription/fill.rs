//! Where the next events of a subscription come from: memory, or the database where they are not in memory any more.

use super::{Buffer, Fill, Phase, Source, Subscription, SubscriptionError};
use crate::{
    port::Backend,
    schema::Event,
    vocabulary::{EventId, GlobalPosition},
};

impl<E: Event, B: Backend> Subscription<E, B> {
    /// Fills the empty buffer with what comes next, from memory where it is still there. May find nothing and only move
    /// the cursor over events that are not for this subscription.
    pub(super) async fn fill(&mut self) -> Result<Fill, SubscriptionError> {
        if !self.tailer.is_running() {
            self.attach_again().await?;
        }
        let head = self.tailer.head();
        if let Some(settled) = head.settled.filter(|_| self.cursor < head.settled) {
            match self.tailer.page_after(self.cursor) {
                Some(page) => {
                    let wanted = page.events.iter().filter(|stored| Some(stored.position()) > self.cursor);
                    let events = wanted.filter(|stored| self.source.admits(stored)).cloned().collect();
                    self.take(Buffer::Shared(events), Some(page.settled), page.event_id());
                }
                None => self.catch_up(settled, head.event_id).await?,
            }
            // The cursor is one of the log that the tailer follows.
            self.timeline = head.timeline.map(|timeline| timeline.id);
            return Ok(Fill::MovedOn);
        }
        if self.phase == Phase::CatchUp && head.is_refreshed(self.refresh) {
            self.phase = Phase::Live;
            return Ok(Fill::CaughtUp);
        }
        let moved = match self.phase {
            Phase::CatchUp => self.tailer.moved(self.cursor, self.refresh, &mut self.told).await,
            Phase::Live => self.tailer.settled_beyond(self.cursor, &mut self.told).await,
        };
        match moved {
            Err(error) if !error.is_transient() => Err(error.into()),
            // The tailer is started again when it has ended.
            _ => Ok(Fill::MovedOn),
        }
    }

    /// Puts into the empty buffer what there is for this subscription up to a position.
    pub(super) fn take(
        &mut self,
        events: Buffer<B::Payload>,
        cursor: Option<GlobalPosition>,
        event_id: Option<EventId>,
    ) {
        if let (Source::Stream { after, .. }, Some(last)) = (&mut self.source, events.last()) {
            *after = Some(last.version());
        }
        self.buffer = events;
        self.move_to(cursor, event_id);
    }
}
