//! Pages of committed events, by stream and by position.

use super::page::{careful_page, event_columns, quick_page};

/// A stream from its beginning to its end, for those who keep none of its events.
pub(super) const WHOLE_STREAM: &str =
    concat!("select ", event_columns!(), " from {events} e where e.stream_id {=} $1 order by e.version");

macro_rules! stream_statement {
    ($page:ident, $from:literal, $order:literal) => {
        $page!(
            concat!("from {events} e where e.stream_id {=} $1 and e.version ", $from, " $2 and e.position {<=} $3"),
            $order,
            "$4",
            "$5"
        )
    };
}

pub(super) const STREAM_FORWARDS: &str = stream_statement!(quick_page, "{>=}", "e.version asc");
pub(super) const STREAM_FORWARDS_CAREFUL: &str = stream_statement!(careful_page, "{>=}", "e.version asc");
pub(super) const STREAM_BACKWARDS: &str = stream_statement!(quick_page, "{<=}", "e.version desc");
pub(super) const STREAM_BACKWARDS_CAREFUL: &str = stream_statement!(careful_page, "{<=}", "e.version desc");

macro_rules! log_statement {
    ($page:ident, $order:literal) => {
        $page!(
            concat!(
                "from {events} e where e.position {>=} $1 and e.position {<=} $2",
                " and ($3::pg_catalog.text is null or pg_catalog.starts_with(e.stream_id, $3))",
                " and ($4::pg_catalog.text[] is null or e.tag {=} any ($4))"
            ),
            $order,
            "$5",
            "$6"
        )
    };
}

pub(super) const LOG_FORWARDS: &str = log_statement!(quick_page, "e.position asc");
pub(super) const LOG_FORWARDS_CAREFUL: &str = log_statement!(careful_page, "e.position asc");
pub(super) const LOG_BACKWARDS: &str = log_statement!(quick_page, "e.position desc");
pub(super) const LOG_BACKWARDS_CAREFUL: &str = log_statement!(careful_page, "e.position desc");
