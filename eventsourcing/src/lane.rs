//! Floor 2b: work that waits at the same moment goes out together. Knows nothing of what the work is.

use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Where work queues up, in the order in which it came.
///
/// Nobody waits for company: what comes first goes out at once, by itself. What comes while it is under way waits, and goes
/// out as one group afterwards. So groups are as large as the load makes them.
#[derive(Debug)]
pub(crate) struct Lane<W> {
    queue: Mutex<Queue<W>>,
    /// So many may queue up; others wait for a place.
    places: Arc<Semaphore>,
    /// A group is full at this weight.
    full: usize,
}

#[derive(Debug)]
struct Queue<W> {
    waiting: VecDeque<Waiting<W>>,
    /// Whether somebody has the [turn](Turn).
    is_served: bool,
}

#[derive(Debug)]
struct Waiting<W> {
    work: W,
    weight: usize,
    _place: Option<OwnedSemaphorePermit>,
}

impl<W> Lane<W> {
    /// A lane with so many places, whose groups are full at a weight.
    pub(crate) fn new(places: usize, full: usize) -> Self {
        let queue = Queue { waiting: VecDeque::new(), is_served: false };
        Self { queue: Mutex::new(queue), places: Arc::new(Semaphore::new(places)), full }
    }

    /// Lets work of this weight queue up. Who gets a turn has to carry the queue out; somebody else has it otherwise.
    ///
    /// A dropped future leaves the work out of the queue.
    pub(crate) async fn enter(self: &Arc<Self>, work: W, weight: usize) -> Option<Turn<W>> {
        // The places are never closed.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        let mut queue = self.lock();
        queue.waiting.push_back(Waiting { work, weight, _place: place });
        let is_mine = !mem::replace(&mut queue.is_served, true);
        drop(queue);
        is_mine.then(|| Turn(Some(Arc::clone(self))))
    }

    fn lock(&self) -> MutexGuard<'_, Queue<W>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The duty to carry out what waits, group by group, until nothing does.
///
/// When it is dropped before, what still waits is dropped with it, so that nobody waits for an answer that never comes.
#[derive(Debug)]
pub(crate) struct Turn<W>(Option<Arc<Lane<W>>>);

impl<W> Turn<W> {
    /// What waits now, as far as it goes into one group; `None` when nothing does, which ends the turn.
    pub(crate) fn next(&mut self) -> Option<Vec<W>> {
        let lane = self.0.as_ref()?;
        let mut queue = lane.lock();
        let (mut group, mut weight) = (Vec::new(), 0);
        while let Some(next) = queue.waiting.pop_front_if(|next| weight == 0 || weight + next.weight <= lane.full) {
            weight += next.weight.max(1);
            group.push(next.work);
        }
        queue.is_served = !group.is_empty();
        drop(queue);
        if group.is_empty() {
            self.0 = None;
        }
        (!group.is_empty()).then_some(group)
    }

    /// How much waits.
    pub(crate) fn waiting(&self) -> usize {
        self.0.as_ref().map_or(0, |lane| lane.lock().waiting.len())
    }

    /// The same turn for somebody else. This one has ended.
    pub(crate) fn hand_over(&mut self) -> Self {
        Self(self.0.take())
    }
}

impl<W> Drop for Turn<W> {
    fn drop(&mut self) {
        let Some(lane) = &self.0 else { return };
        let mut queue = lane.lock();
        queue.is_served = false;
        let abandoned = mem::take(&mut queue.waiting);
        // Dropping work may run code of its owner's.
        drop(queue);
        drop(abandoned);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::FutureExt;
    use tokio::sync::oneshot;

    use super::Lane;

    fn lane<W>(places: usize, full: usize) -> Arc<Lane<W>> {
        Arc::new(Lane::new(places, full))
    }

    #[tokio::test]
    async fn who_comes_first_goes_out_at_once_and_the_others_together() {
        let lane = lane(10, 10);
        let mut turn = lane.enter(1, 1).await.unwrap();
        assert_eq!(turn.next(), Some(vec![1]));
        for work in [2, 3, 4] {
            assert!(lane.enter(work, 1).await.is_none(), "somebody has the turn");
        }
        assert_eq!(turn.next(), Some(vec![2, 3, 4]));
        assert_eq!(turn.next(), None);
        assert!(lane.enter(5, 1).await.is_some(), "the turn has ended");
    }

    #[tokio::test]
    async fn a_group_is_full_at_its_weight_and_takes_what_is_heavier_alone() {
        let lane = lane(10, 4);
        let mut turn = lane.enter('a', 3).await.unwrap();
        for (work, weight) in [('b', 2), ('c', 9), ('d', 0), ('e', 2)] {
            assert!(lane.enter(work, weight).await.is_none());
        }
        let groups: Vec<Vec<char>> = std::iter::from_fn(|| turn.next()).collect();
        assert_eq!(groups, [vec!['a'], vec!['b'], vec!['c'], vec!['d', 'e']]);
    }

    #[tokio::test]
    async fn a_full_lane_lets_others_wait_for_a_place() {
        let lane = lane(1, 10);
        let mut turn = lane.enter(1, 1).await.unwrap();
        assert!(lane.enter(2, 1).now_or_never().is_none());
        turn.next();
        assert!(lane.enter(3, 1).now_or_never().is_some(), "what was given up has left no trace");
        assert_eq!(turn.next(), Some(vec![3]));
    }

    #[tokio::test]
    async fn a_turn_is_handed_over_with_what_waits() {
        let lane = lane(10, 10);
        let mut turn = lane.enter(1, 1).await.unwrap();
        let mut next = turn.hand_over();
        assert_eq!(turn.next(), None);
        drop(turn);
        assert!(lane.enter(2, 1).await.is_none(), "somebody has the turn");
        assert_eq!(next.next(), Some(vec![1, 2]));
    }

    #[tokio::test]
    async fn an_abandoned_turn_abandons_what_waits_and_the_next_one_begins_anew() {
        let lane = lane(10, 10);
        let turn = lane.enter(oneshot::channel::<()>().0, 1).await.unwrap();
        let (answer, waiting) = oneshot::channel::<()>();
        assert!(lane.enter(answer, 1).await.is_none());
        drop(turn);
        assert!(waiting.await.is_err());
        assert!(lane.enter(oneshot::channel::<()>().0, 1).await.is_some());
    }
}
