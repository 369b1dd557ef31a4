//! A place in the log that somebody has come to, and whether it is one of the log as it is now.

use std::sync::Arc;

use crate::{
    port::{StoreError, Timeline},
    vocabulary::{EventId, GlobalPosition},
};

/// A place in the log that somebody has come to.
#[derive(Debug, Clone)]
pub(crate) struct Cursor {
    pub(crate) position: GlobalPosition,
    /// The event that was read there, when that is known.
    pub(crate) event_id: Option<EventId>,
    /// The timeline in which that was, when that is known.
    pub(crate) timeline: Option<Arc<str>>,
}

/// What the log has to say of a place.
#[derive(Debug)]
pub(crate) struct History<'a> {
    /// The event that stands there.
    pub(crate) found: Option<EventId>,
    /// The position of the last event.
    pub(crate) last: Option<GlobalPosition>,
    /// The last position that was handed out.
    pub(crate) end: Option<GlobalPosition>,
    pub(crate) timeline: Option<&'a Timeline>,
}

impl Cursor {
    /// Refuses a place that is not one of this log: going on there would pass over events, or would do so in silence over the
    /// loss of those that had been read.
    ///
    /// The event that was read there proves it. Where there is none, it was erased, or rolled back if nobody knows of one, or
    /// it was lost with the timeline before this one: a standby that was promoted goes on at positions that its primary
    /// may have used already.
    pub(crate) fn check(&self, log: &History<'_>) -> Result<(), StoreError> {
        let checkpoint = self.position;
        if let Some(found) = log.found {
            let is_same = self.event_id.is_none_or(|read| read == found);
            return if is_same { Ok(()) } else { Err(StoreError::CheckpointDiverged { checkpoint }) };
        }
        let is_lost = match (&self.timeline, log.timeline) {
            (Some(then), Some(now)) => *then != now.id,
            (None, Some(now)) => now.may_have_lost(checkpoint),
            (_, None) => self.event_id.is_some(),
        };
        if !is_lost && Some(checkpoint) <= log.end {
            Ok(())
        } else if log.last > Some(checkpoint) {
            Err(StoreError::CheckpointDiverged { checkpoint })
        } else {
            Err(StoreError::CheckpointAhead { checkpoint, end: log.last })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use uuid::Uuid;

    use super::{Cursor, History};
    use crate::{
        port::{StoreError, Timeline},
        vocabulary::{EventId, GlobalPosition},
    };

    fn at(position: i64) -> Option<GlobalPosition> {
        GlobalPosition::new(position)
    }

    fn id(number: u128) -> EventId {
        Uuid::from_u128(number).into()
    }

    /// What is said of a cursor at 10, by what is known of it and of the log.
    fn said(
        event_id: Option<EventId>,
        then: Option<&str>,
        found: Option<EventId>,
        last: i64,
        end: i64,
        now: Option<&str>,
    ) -> &'static str {
        let cursor = Cursor { position: GlobalPosition::new(10).unwrap(), event_id, timeline: then.map(Arc::from) };
        // `forked` begins behind 7, and its sequence was at 12 then.
        let fork = |position| at(position).filter(|_| now == Some("forked"));
        let timeline = now.map(|id| Timeline { id: id.into(), forked_after: fork(7), forked_until: fork(12) });
        match cursor.check(&History { found, last: at(last), end: at(end), timeline: timeline.as_ref() }) {
            Ok(()) => "fine",
            Err(StoreError::CheckpointAhead { .. }) => "ahead",
            Err(StoreError::CheckpointDiverged { .. }) => "diverged",
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn the_event_proves_a_cursor() {
        for (then, now) in [(Some("a"), Some("a")), (Some("a"), Some("forked")), (None, Some("forked")), (None, None)] {
            assert_eq!(said(Some(id(1)), then, Some(id(1)), 20, 20, now), "fine");
            assert_eq!(said(Some(id(1)), then, Some(id(2)), 20, 20, now), "diverged");
            assert_eq!(
                said(None, then, Some(id(2)), 20, 20, now),
                "fine",
                "whoever names only a position wants to go on behind it"
            );
        }
    }

    #[test]
    fn an_erased_event_is_no_loss() {
        for last in [9, 20] {
            assert_eq!(said(Some(id(1)), Some("a"), None, last, 20, Some("a")), "fine");
            assert_eq!(said(Some(id(1)), None, None, last, 20, Some("a")), "fine");
            assert_eq!(said(None, None, None, last, 20, Some("a")), "fine");
            assert_eq!(said(None, None, None, last, 20, None), "fine");
        }
    }

    #[test]
    fn an_event_that_was_left_on_another_timeline_is_one() {
        for (event_id, then) in [(Some(id(1)), Some("a")), (Some(id(1)), None), (None, None)] {
            assert_eq!(said(event_id, then, None, 7, 12, Some("forked")), "ahead");
            assert_eq!(said(event_id, then, None, 13, 13, Some("forked")), "diverged");
        }
        assert_eq!(
            said(Some(id(1)), Some("a"), None, 7, 12, None),
            "ahead",
            "a server that does not say is not trusted"
        );
    }

    #[test]
    fn nothing_stands_beyond_the_sequence() {
        assert_eq!(said(None, None, None, 7, 9, Some("a")), "ahead");
        assert_eq!(said(Some(id(1)), Some("a"), None, 7, 9, Some("a")), "ahead");
    }
}
