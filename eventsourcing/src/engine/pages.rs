//! How much one statement reads, so that each is short, whatever stands in the log.

use std::time::{Duration, Instant};

use crate::{
    port::{Backend, Direction, Filter, LogQuery, Page, StoreError, Stored},
    vocabulary::GlobalPosition,
};

/// How many rows a statement looks at to make up a page. What a page holds is bounded in bytes by the adapter; this keeps
/// it from measuring many rows of which few fit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize(i64);

impl PageSize {
    const MOST: i64 = 2_000;

    pub(crate) fn events(self) -> i64 {
        self.0
    }

    /// Goes by how many rows the last page had, and whether there was more.
    pub(crate) fn adapt(&mut self, read: usize, more: bool) {
        let read = i64::try_from(read).unwrap_or(i64::MAX);
        if read >= self.0 {
            self.0 = self.0.saturating_mul(2).min(Self::MOST);
        } else if more {
            self.0 = read.saturating_mul(2).clamp(8, Self::MOST);
        }
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(500)
    }
}

/// How a reader goes through the log: in pages that end with a window of positions when they are not full before.
///
/// A filter may let through nothing for long. Without windows a single statement would search the rest of the log, and
/// under a `statement_timeout` of the database never come to its end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scan {
    size: PageSize,
    /// How many positions a statement searches at most.
    window: i64,
    /// The window grows no further: a statement over twice as many positions has been cancelled.
    largest: i64,
}

impl Default for Scan {
    fn default() -> Self {
        Self { size: PageSize::default(), window: Self::WINDOW, largest: i64::MAX }
    }
}

impl Scan {
    /// The window of the first statement.
    const WINDOW: i64 = 10_000;
    /// The most that remains of a window that was too large: it may have grown without bound where nothing stood.
    const REDUCED: i64 = 100_000;
    /// A statement that takes less lets the window grow, and one that takes more than the other makes it smaller.
    const PACE: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(2));

    /// How many rows the next page looks at.
    pub(crate) fn events(&self) -> i64 {
        self.size.events()
    }

    /// Goes by a page of a stream.
    pub(crate) fn adapt<P>(&mut self, page: &Page<P>) {
        self.size.adapt(page.events.len(), page.more);
    }

    /// Makes the next statement shorter, after one was cancelled; `false` when it cannot be shorter.
    pub(crate) fn shorten(&mut self) -> bool {
        let was_shortest = self.window == 1 && self.size.0 == 1;
        self.window = (self.window / 2).clamp(1, Self::REDUCED);
        self.largest = self.window;
        self.size.0 = (self.size.0 / 2).max(1);
        !was_shortest
    }

    /// The next events of the log from one position on, of at most `limit`, and up to where there are no others before
    /// `until`. A dropped future leaves nothing behind.
    pub(crate) async fn log<B: Backend>(
        &mut self,
        backend: &B,
        filter: &Filter,
        (from, until): (GlobalPosition, GlobalPosition),
        limit: i64,
    ) -> Result<(Vec<Stored<B::Payload>>, GlobalPosition), StoreError> {
        let end = GlobalPosition::new(from.get().saturating_add(self.window - 1)).unwrap_or(until).min(until);
        let query = LogQuery {
            filter: filter.clone(),
            from: Some(from),
            until: Some(end),
            direction: Direction::Forwards,
            limit: limit.min(self.size.events()),
        };
        let began = Instant::now();
        let page = backend.read_log(query).await?;
        self.adapt(&page);
        match page.events.last().map(Stored::position) {
            Some(last) if page.more => return Ok((page.events, last)),
            _ => {}
        }
        let took = began.elapsed();
        if took < Self::PACE.0 {
            self.window = self.window.saturating_mul(2).min(self.largest);
        } else if took > Self::PACE.1 {
            self.window = (self.window / 2).clamp(1, Self::REDUCED);
        }
        Ok((page.events, end))
    }
}

/// About how much memory the events take.
pub(crate) fn bytes<P: AsRef<[u8]>>(events: &[Stored<P>]) -> usize {
    const RECORD: usize = 300;
    let content = |stored: &Stored<P>| match stored {
        Stored::Event(event) => event.event.as_ref().len(),
        Stored::Malformed(malformed) => malformed.problem.len(),
    };
    events.iter().map(|stored| RECORD + content(stored)).sum()
}

#[cfg(test)]
mod tests {
    use super::{PageSize, Scan};

    #[test]
    fn a_page_looks_at_about_as_many_rows_as_fit() {
        let mut size = PageSize::default();
        size.adapt(4, true);
        assert_eq!(size.events(), 8, "the fifth did not fit");
        size.adapt(3, false);
        assert_eq!(size.events(), 8, "there were no more");
        for _ in 0..10 {
            size.adapt(usize::try_from(size.events()).unwrap(), true);
        }
        assert_eq!(size.events(), PageSize::MOST);
    }

    #[test]
    fn a_cancelled_statement_is_followed_by_shorter_ones_down_to_one_position() {
        let mut scan = Scan { window: i64::MAX, ..Scan::default() };
        let mut statements = 0;
        while scan.shorten() {
            assert!(scan.window <= Scan::REDUCED);
            statements += 1;
        }
        assert_eq!((scan.window, scan.events()), (1, 1));
        assert!(statements < 20, "{statements}");
    }
}
