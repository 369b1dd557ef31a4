//! Pages of events that are bounded in bytes by the statements that read them, so that nothing has to be fetched to know.
//!
//! The quick statement gives each row an equal share of the page and passes on no payload that is larger than that, so that
//! what it reads fits whatever it meets. The page ends before the first row without a payload. When that is the very
//! first, the careful statement sums the sizes up with a window, row by row, and passes on those that fit, or the first
//! alone. The careful one would do, but it copies every row, which costs a catch-up over small events a third of its pace.
//!
//! The size of a payload is what is sent of it. Postgres knows it without reading what it has stored out of line, unless it
//! has compressed that (`pg_column_size` is the size of what is stored); compressed payloads are expanded to be measured.

use sqlx::postgres::PgRow;

use super::{
    error::corrupt,
    mutants,
    rows::{self, Names, PgPayload},
};
use crate::port::{PAGE_BYTES, Page, StoreError};

/// What a page holds at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) rows: i64,
    pub(super) bytes: i64,
}

impl Bounds {
    /// However many are wanted, a statement looks at no more rows.
    const MOST_ROWS: i64 = 2_000;

    pub(super) fn new(wanted: i64) -> Self {
        let bytes = if mutants::has("unbounded_page") { i64::MAX } else { i64::from(PAGE_BYTES) };
        Self { rows: wanted.min(Self::MOST_ROWS), bytes }
    }

    /// The share of each row.
    pub(super) fn bytes_of_each(self) -> i64 {
        self.bytes / self.rows.max(1)
    }

    /// What the careful statement has read.
    pub(super) fn careful(self, rows: &[PgRow], names: &mut Names) -> Result<Page<PgPayload>, StoreError> {
        const IS_OVER: usize = rows::PAYLOAD + 1;
        // Its first row has a payload, however large.
        let mut page = self.quick(rows, names)?.ok_or_else(|| corrupt("a page begins without a payload".to_owned()))?;
        if let Some(last) = rows.last() {
            page.more |= rows::get::<bool>(last, IS_OVER)?;
        }
        Ok(page)
    }

    /// What the quick statement has read; `None` when the first row has no payload, because it is larger than its share.
    pub(super) fn quick(self, rows: &[PgRow], names: &mut Names) -> Result<Option<Page<PgPayload>>, StoreError> {
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            if !rows::has_payload(row)? {
                let page = Page { events, more: true };
                return Ok(Some(page).filter(|page| !page.events.is_empty()));
            }
            events.push(rows::stored(row, names)?);
        }
        let more = !events.is_empty() && i64::try_from(events.len()).is_ok_and(|read| read >= self.rows);
        Ok(Some(Page { events, more }))
    }
}
