//! The one task of a store that follows the end of the log, for all of its subscriptions.

use std::{
    sync::{Arc, PoisonError, Weak, atomic::Ordering},
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep, sleep_until},
};

use super::{
    cursor::{Cursor, History},
    head::{Head, Shared},
    source::Source,
};
use crate::{
    backoff::Backoff,
    engine::pages::PageSize,
    port::{Backend, Mark, StoreError, Stored, Tail},
    vocabulary::{Chain, GlobalPosition},
};

/// How often, at most, it is written down how far the log is settled.
const MARK_INTERVAL: Duration = Duration::from_secs(1);

/// The task.
pub(super) struct Follow<B: Backend> {
    backend: B,
    poll_interval: Duration,
    shared: Weak<Shared<B>>,
    wake: Arc<Notify>,
    publish: watch::Sender<Head>,
}

/// Why the task has looked for something new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Woken {
    /// Somebody says that there is something.
    Told,
    /// It was time to look.
    Polling,
    /// It is time to write down how far the log is settled.
    Due,
}

/// What has been written down.
#[derive(Debug)]
struct Written {
    mark: Option<Mark>,
    next: Instant,
}

impl<B: Backend> Follow<B> {
    pub(super) fn new(source: &Source<B>, shared: &Arc<Shared<B>>, publish: watch::Sender<Head>) -> Self {
        Self {
            backend: source.backend.clone(),
            poll_interval: source.poll_interval,
            shared: Arc::downgrade(shared),
            wake: Arc::clone(&shared.wake),
            publish,
        }
    }

    /// Follows the log over one connection after the other; ends when it cannot go on.
    pub(super) async fn run(self) {
        let mut backoff = Backoff::for_database();
        loop {
            match self.follow_once(&mut backoff).await {
                Ok(()) => return,
                Err(error) if self.passes(&error) => {
                    tracing::info!(
                        error = %Chain(&error),
                        "the connection to the end of the log was lost and is opened again"
                    );
                }
                Err(error @ StoreError::SequenceBehind { .. }) => {
                    tracing::error!(
                        error = %Chain(&error),
                        "the end of the log cannot be followed, and this is tried again"
                    );
                    self.publish.send_modify(|head| {
                        head.trouble = Some(error);
                        head.troubles += 1;
                    });
                }
                // It says where the task has come to. Each subscription looks for itself whether its own place is still one.
                Err(error @ (StoreError::CheckpointAhead { .. } | StoreError::CheckpointDiverged { .. })) => {
                    tracing::error!(
                        error = %Chain(&error),
                        "the log has another history than before, and is followed anew"
                    );
                    return;
                }
                Err(error) => {
                    tracing::error!(error = %Chain(&error), "the end of the log cannot be followed");
                    self.publish.send_modify(|head| head.failed = Some(error));
                    return;
                }
            }
            backoff.wait().await;
        }
    }

    /// Whether a fault passes by itself. That a standby is none is known once it has been a primary.
    fn passes(&self, error: &StoreError) -> bool {
        error.is_retriable() || (error.is_transient() && self.publish.borrow().ready)
    }

    /// Follows the log over one connection; ends well only when nobody is left who wants to know.
    async fn follow_once(&self, backoff: &mut Backoff) -> Result<(), StoreError> {
        let mut tail = self.backend.tail().await?;
        self.resume(&mut tail).await?;
        let mut size = PageSize::default();
        let mut written = Written { mark: None, next: Instant::now() };
        loop {
            let Some(shared) = self.shared.upgrade() else { return Ok(()) };
            self.refresh(&mut tail, &shared, &mut size).await?;
            let more = self.read(&mut tail, &shared, &mut size).await?;
            drop(shared);
            backoff.reset();
            self.write_mark(&mut tail, &mut written).await?;
            if !more && self.idle(&mut tail, &written).await == Woken::Polling {
                self.check_end(&mut tail).await?;
            }
        }
    }

    /// Reads the next page, if there is one by now; whether there is another one already.
    async fn read(&self, tail: &mut B::Tail, shared: &Shared<B>, size: &mut PageSize) -> Result<bool, StoreError> {
        let after = self.publish.borrow().settled;
        let page = tail.read(after, size.events()).await?;
        if !page.events.is_empty() {
            size.adapt(page.events.len(), page.more);
        }
        let Some(settled) = page.settled.filter(|_| page.settled > after) else { return Ok(page.more) };
        let event_id = page.events.last().filter(|last| last.position() == settled).and_then(Stored::event_id);
        shared.ring.lock().unwrap_or_else(PoisonError::into_inner).push(after, settled, page.events);
        self.publish.send_modify(|head| {
            head.settled = Some(settled);
            head.event_id = event_id;
        });
        Ok(page.more)
    }

    /// Finds out where to begin. After a lost connection, what is in memory must still be in the log: a standby that was
    /// promoted, or a restored backup, may lack it.
    async fn resume(&self, tail: &mut B::Tail) -> Result<(), StoreError> {
        let timeline = tail.timeline().await?;
        let (known, then) = {
            let head = self.publish.borrow();
            (head.settled, head.timeline.as_ref().map(|timeline| Arc::clone(&timeline.id)))
        };
        let settled = match known {
            Some(position) => {
                let event_id = self.publish.borrow().event_id;
                let cursor = Cursor { position, event_id, timeline: then };
                let found = tail.event_at(position).await?;
                let (last, end) = (tail.last().await?, tail.end().await?);
                cursor.check(&History { found, last, end, timeline: timeline.as_ref() })?;
                self.check_end(tail).await?;
                None
            }
            None => Some(tail.start().await?),
        };
        self.publish.send_modify(|head| {
            if let Some(mark) = settled {
                head.settled = mark.map(|mark| mark.position);
                head.event_id = mark.map(|mark| mark.event_id);
            }
            head.timeline = timeline;
            head.trouble = None;
            head.ready = true;
        });
        Ok(())
    }

    /// Whoever has read an event and then reads the end of the sequence finds it there or beyond, unless somebody has put
    /// the sequence back: then what is appended would stand where readers have been.
    async fn check_end(&self, tail: &mut B::Tail) -> Result<(), StoreError> {
        let settled = self.publish.borrow().settled;
        let log = settled.map_or(0, GlobalPosition::get);
        let end = tail.end().await?.map_or(0, GlobalPosition::get);
        if end >= log { Ok(()) } else { Err(StoreError::SequenceBehind { position: end.saturating_add(1), log }) }
    }

    /// Reads what has been committed by now, for those who have asked since the last time. Waits for a writer only where
    /// an event behind it is there already.
    async fn refresh(&self, tail: &mut B::Tail, shared: &Shared<B>, size: &mut PageSize) -> Result<(), StoreError> {
        let wanted = shared.wanted.load(Ordering::SeqCst);
        if self.publish.borrow().is_refreshed(wanted) {
            return Ok(());
        }
        let end = tail.end().await?;
        while self.publish.borrow().settled < end {
            if !self.read(tail, shared, size).await? {
                break;
            }
        }
        self.publish.send_modify(|head| {
            head.end = end;
            head.refreshed = wanted;
        });
        Ok(())
    }

    /// Writes down how far the log is settled, when that is due.
    async fn write_mark(&self, tail: &mut B::Tail, written: &mut Written) -> Result<(), StoreError> {
        let mark = self.publish.borrow().mark();
        if let Some(mark) = mark.filter(|mark| written.mark != Some(*mark) && Instant::now() >= written.next) {
            tail.mark(mark).await?;
            *written = Written { mark: Some(mark), next: Instant::now() + MARK_INTERVAL };
        }
        Ok(())
    }

    /// Waits until there may be something to do.
    async fn idle(&self, tail: &mut B::Tail, written: &Written) -> Woken {
        let is_due = self.publish.borrow().mark() != written.mark;
        tokio::select! {
            () = self.wake.notified() => Woken::Told,
            () = tail.announced() => Woken::Told,
            () = sleep(self.poll_interval) => Woken::Polling,
            () = sleep_until(written.next), if is_due => Woken::Due,
        }
    }
}
