//! Floor 3b: what the typed handles share and users never see: the way of an event into the store and out of it, page by
//! page, and the one task that follows the log. Knows no adapter.

pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod log;
pub(crate) mod pages;
