//! The columns of an event, and pages that are bounded in bytes.

/// The columns of an event but for its payload.
macro_rules! record_columns {
    () => {
        "e.position, e.version, e.stream_id, e.event_id, e.recorded_at, e.tag, e.schema_version, e.correlation_id, \
         e.causation_id, e.metadata"
    };
}
pub(super) use record_columns;

/// The columns that [`stored`] reads, in its order.
macro_rules! event_columns {
    () => {
        concat!($crate::postgres::sql::page::record_columns!(), ", e.payload")
    };
}
pub(super) use event_columns;

/// The quick statement of a page: of what (`from .. where ..`), in which order, and its parameters for the number of rows and
/// for the bytes of each.
macro_rules! quick_page {
    ($of:expr, $order:expr, $rows:literal, $bytes:literal) => {
        concat!(
            "select ",
            $crate::postgres::sql::page::record_columns!(),
            ", case when ",
            $crate::postgres::sql::page::size!(),
            " {<=} ",
            $bytes,
            " then e.payload end ",
            $of,
            " order by ",
            $order,
            " limit ",
            $rows
        )
    };
}
pub(super) use quick_page;

/// The careful statement of a page: the same, with a parameter for the bytes of all rows.
macro_rules! careful_page {
    ($of:expr, $order:expr, $rows:literal, $bytes:literal) => {
        concat!(
            "select ",
            $crate::postgres::sql::page::record_columns!(),
            ", case when e.bytes {<=} ",
            $bytes,
            " or e.bytes {=} e.size then e.payload end, e.bytes {>} ",
            $bytes,
            " from (select ",
            $crate::postgres::sql::page::event_columns!(),
            ", e.size, pg_catalog.sum(e.size) over (order by ",
            $order,
            " rows unbounded preceding) as bytes from (select ",
            $crate::postgres::sql::page::event_columns!(),
            ", ",
            $crate::postgres::sql::page::size!(),
            " as size ",
            $of,
            " order by ",
            $order,
            " limit ",
            $rows,
            ") e) e where e.bytes {-} e.size {<=} ",
            $bytes,
            " order by ",
            $order
        )
    };
}
pub(super) use careful_page;

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
