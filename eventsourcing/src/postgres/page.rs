//! Pages of events that are bounded in bytes by the statement that reads them, so that nothing has to be fetched to know.
//!
//! The statement first sums up the sizes of the rows that it may read at most. When they fit they are the page, as nearly
//! always. Otherwise a window sums them up one by one and passes on those that fit, and the first that does not, without
//! its payload: it says that there is more. A row that is larger than a page comes alone. The window alone would do, but it
//! copies every row, which costs a catch-up over small events a third of its pace.
//!
//! The size of a payload is what is sent of it. Postgres knows it without reading what it has stored out of line, unless it
//! has compressed that (`pg_column_size` is the size of what is stored); compressed payloads are expanded to be measured.

use sqlx::postgres::PgRow;

use super::{
    mutants,
    rows::{self, PgPayload, get},
};
use crate::store::{PAGE_BYTES, Page, StoreError};

/// The statement of a page: of what (`from .. where ..`), in which order, and its parameters for the number of rows and of
/// bytes.
macro_rules! page_statement {
    ($of:expr, $order:expr, $rows:literal, $bytes:literal) => {
        concat!(
            "with total as materialized (select coalesce(pg_catalog.sum(e.size), 0) as bytes from (select ",
            $crate::postgres::page::size!(),
            " as size ",
            $of,
            " order by ",
            $order,
            " limit ",
            $rows,
            ") e) select ",
            $crate::postgres::rows::event_columns!(),
            ", e.is_over from ((select ",
            $crate::postgres::rows::event_columns!(),
            ", false as is_over ",
            $of,
            " and (select t.bytes {<=} ",
            $bytes,
            " from total t) order by ",
            $order,
            " limit ",
            $rows,
            ") union all select ",
            $crate::postgres::rows::record_columns!(),
            ", case when e.bytes {<=} ",
            $bytes,
            " or e.bytes {=} e.size then e.payload end, e.bytes {>} ",
            $bytes,
            " from (select ",
            $crate::postgres::rows::event_columns!(),
            ", e.size, pg_catalog.sum(e.size) over (order by ",
            $order,
            " rows unbounded preceding) as bytes from (select ",
            $crate::postgres::rows::event_columns!(),
            ", ",
            $crate::postgres::page::size!(),
            " as size ",
            $of,
            " order by ",
            $order,
            " limit ",
            $rows,
            ") e) e where e.bytes {-} e.size {<=} ",
            $bytes,
            " and (select t.bytes {>} ",
            $bytes,
            " from total t)) e order by ",
            $order
        )
    };
}
pub(super) use page_statement;

/// About how many bytes an event takes in memory.
macro_rules! size {
    () => {
        "(300 {+} case when pg_catalog.pg_column_compression(e.payload) is null \
         then pg_catalog.pg_column_size(e.payload) \
         else pg_catalog.octet_length(e.payload::pg_catalog.text) end \
         {+} coalesce(pg_catalog.octet_length(e.metadata::pg_catalog.text), 0))"
    };
}
pub(super) use size;

/// The parameter for the number of bytes.
pub(super) fn budget() -> i64 {
    if mutants::has("unbounded_page") { i64::MAX } else { i64::from(PAGE_BYTES) }
}

/// What a page statement has read, of which this many rows were to be read at most.
pub(super) fn page(rows: &[PgRow], limit: i64) -> Result<Page<PgPayload>, StoreError> {
    const IS_OVER: usize = rows::PAYLOAD + 1;
    let (mut events, mut is_over) = (Vec::with_capacity(rows.len()), false);
    for row in rows {
        is_over = get(row, IS_OVER)?;
        // Over the bound there is the first of all, with its payload, or the first that did not fit, without.
        if !is_over || events.is_empty() {
            events.push(rows::stored(row)?);
        }
    }
    let is_full = !rows.is_empty() && i64::try_from(rows.len()).is_ok_and(|read| read >= limit);
    Ok(Page { events, more: is_over || is_full })
}
