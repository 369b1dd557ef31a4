//! When a command is tried again.

use std::time::Duration;

use crate::backoff::jitter;

/// How often and how fast a command is tried again after a conflict or a retriable error of the store.
///
/// The pauses grow exponentially and are random between zero and their bound ("full jitter", after Marc Brooker's
/// "Exponential Backoff And Jitter"), so that the losers of one race do not meet again in the next.
///
/// By default there are 10 attempts, with pauses of up to 5 ms at first and 500 ms at last, and of 1.7 seconds in all at
/// most.
///
/// ```
/// use std::time::Duration;
///
/// use eventsourcing::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(20).pauses(Duration::from_millis(10), Duration::from_secs(2));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    first_pause: Duration,
    longest_pause: Duration,
}

impl RetryPolicy {
    /// No second attempt.
    pub const NEVER: Self = Self { max_attempts: 1, first_pause: Duration::ZERO, longest_pause: Duration::ZERO };

    /// This many attempts in all, at least one; 10 by default.
    ///
    /// ```
    /// use eventsourcing::RetryPolicy;
    ///
    /// assert_eq!(RetryPolicy::NEVER.max_attempts(0), RetryPolicy::NEVER);
    /// ```
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// The bound of the first pause, which doubles with each attempt up to that of the longest; 5 ms and 500 ms by
    /// default.
    ///
    /// ```
    #[doc = include_str!("../../docs/example.txt")]
    /// let quick = RetryPolicy::default().pauses(Duration::ZERO, Duration::ZERO);
    /// let accounts = store.repository::<Account>().with_retries(quick);
    /// accounts.execute(&"ada".to_owned(), Withdraw { cents: 30 }).await?;
    /// # Ok(()) }
    /// ```
    pub const fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.first_pause = first;
        self.longest_pause = longest;
        self
    }

    /// Whether one more attempt follows this one; the first is number one.
    pub(super) const fn allows_after(&self, attempt: u32) -> bool {
        attempt < self.max_attempts
    }

    /// A random pause before the next attempt.
    pub(super) fn pause(&self, attempt: u32) -> Duration {
        let bound = self.first_pause.saturating_mul(2_u32.saturating_pow(attempt - 1)).min(self.longest_pause);
        jitter(bound)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_attempts: 10, first_pause: Duration::from_millis(5), longest_pause: Duration::from_millis(500) }
    }
}
