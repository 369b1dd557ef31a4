//! Floor 2b, for adapters and behaviour alike: how long to wait before something is tried again. Knows nothing of what is tried.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    time::Duration,
};

/// Pauses that grow from one attempt to the next, until one succeeds.
///
/// Each is random between half of its bound and the bound, so that those who failed together do not come back together
/// (after Marc Brooker, "Exponential Backoff And Jitter"), and never close to nothing, so that no loop spins.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Backoff {
    /// From `first`, doubling, to `longest`.
    pub(crate) const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, next: first }
    }

    /// For what waits until a database is there again: from 50 ms to 5 s.
    pub(crate) const fn for_database() -> Self {
        Self::new(Duration::from_millis(50), Duration::from_secs(5))
    }

    /// The next pause; the one after it may be twice as long.
    pub(crate) fn next(&mut self) -> Duration {
        let bound = self.next;
        self.next = bound.saturating_mul(2).min(self.longest);
        bound / 2 + jitter(bound / 2)
    }

    /// Waits for the next pause.
    pub(crate) async fn wait(&mut self) {
        tokio::time::sleep(self.next()).await;
    }

    /// It works again: the next fault is a first one.
    pub(crate) fn reset(&mut self) {
        self.next = self.first;
    }
}

/// A random duration up to this one.
pub(crate) fn jitter(bound: Duration) -> Duration {
    // Each `RandomState` has keys of its own; no further generator of random numbers is needed.
    let random = u32::try_from(RandomState::new().build_hasher().finish() >> 32).unwrap_or(u32::MAX);
    bound.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Backoff;

    #[test]
    fn pauses_grow_up_to_the_longest_and_begin_anew_after_a_success() {
        let mut backoff = Backoff::new(Duration::from_millis(10), Duration::from_millis(35));
        for bound in [10, 20, 35, 35] {
            let pause = backoff.next();
            let bound = Duration::from_millis(bound);
            assert!(pause >= bound / 2 && pause <= bound, "{pause:?} of {bound:?}");
        }
        backoff.reset();
        assert!(backoff.next() <= Duration::from_millis(10));
    }
}
