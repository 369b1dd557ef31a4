//! The appends of one call, on their way to a result for each.

use uuid::Uuid;

use super::window::searches_window;
use crate::{
    columns::{conflict, event_ids, not_json},
    port::{self, Append, AppendError, Appended, Limits, StoreError},
    vocabulary::GlobalPosition,
};

pub(super) struct Group<'a> {
    pub(super) appends: &'a [Append],
    /// Assigned once, so that a repetition of the statement writes the same events.
    pub(super) ids: Vec<Vec<Uuid>>,
    pub(super) results: Vec<Option<Result<Appended, AppendError>>>,
    /// Whether a statement of this group was sent whose answer was lost.
    is_again: bool,
}

impl<'a> Group<'a> {
    /// What is invalid has its result before anything is sent.
    pub(super) fn new(appends: &'a [Append], limits: Limits) -> Self {
        let invalid = port::check_group(appends, limits).into_iter().zip(appends);
        let invalid = invalid.map(|(invalid, append)| invalid.or_else(|| not_json(append)));
        Self {
            appends,
            ids: appends.iter().map(event_ids).collect(),
            results: invalid.map(|invalid| invalid.map(|invalid| Err(invalid.into()))).collect(),
            is_again: false,
        }
    }

    /// Which appends have no result yet. In the order of their streams, so that two groups never wait for each other in a
    /// circle.
    pub(super) fn open(&self) -> Vec<usize> {
        let mut open: Vec<usize> = (0..self.appends.len()).filter(|&index| self.results[index].is_none()).collect();
        open.sort_by(|&a, &b| self.appends[a].stream_id.cmp(&self.appends[b].stream_id));
        open
    }

    pub(super) fn is_open(&self) -> bool {
        self.results.iter().any(Option::is_none)
    }

    /// Whether one of the appends is refused for good.
    pub(super) fn is_refused(&self) -> bool {
        self.results.iter().flatten().any(Result::is_err)
    }

    /// Whether these appends can be sent twice without being stored twice: at the one place of each stands what was stored
    /// the first time.
    pub(super) fn is_exact(&self, appends: &[usize]) -> bool {
        let mut appends = appends.iter().map(|&index| &self.appends[index]);
        appends.all(|append| append.events.is_empty() || !searches_window(append.expected))
    }

    /// Whether the statement may store some of the appends, and others that are to run again have lost a race.
    pub(super) fn can_lose_in_part(&self) -> bool {
        let open = self.open();
        let can_lose = |append: &Append| !append.events.is_empty() && searches_window(append.expected);
        open.len() > 1 && open.into_iter().any(|index| can_lose(&self.appends[index]))
    }

    /// Whether the events of this append may stand in the stream already.
    pub(super) fn is_repeatable(&self, index: usize) -> bool {
        let append = &self.appends[index];
        append.is_repeatable() || (self.is_again && !append.events.is_empty())
    }

    /// The answer to a statement was lost with this error.
    pub(super) fn may_be_stored(&mut self, error: &StoreError) {
        self.is_again |= matches!(error, StoreError::Unavailable { .. });
    }

    /// What became of these appends has been taken back, and they are to run again.
    pub(super) fn reopen(&mut self, appends: &[usize]) {
        for &index in appends {
            self.results[index] = None;
        }
    }

    /// No more attempts: what has lost all its races conflicts, with nothing that could be named.
    pub(super) fn give_up(&mut self) {
        for (result, append) in self.results.iter_mut().zip(self.appends) {
            result.get_or_insert_with(|| Err(conflict(&append.stream_id, append.expected, None)));
        }
    }

    /// It has come to an end with this error. What is stored keeps its result, and the error is that of the others; where
    /// nothing is, it is the error of the call.
    pub(super) fn fail(&mut self, error: StoreError) -> Result<(), StoreError> {
        if !self.results.iter().flatten().any(Result::is_ok) {
            return Err(error);
        }
        for result in &mut self.results {
            result.get_or_insert_with(|| Err(error.clone().into()));
        }
        Ok(())
    }

    /// The highest position of what is stored.
    pub(super) fn stored_up_to(&self) -> Option<GlobalPosition> {
        let stored = self.results.iter().flatten().flatten();
        stored.filter_map(|appended| appended.position).max()
    }

    pub(super) fn into_results(self) -> Vec<Result<Appended, AppendError>> {
        self.results.into_iter().flatten().collect()
    }
}
