//! The one task of a store that follows the end of the log, and what its readers see of it.

mod cursor;
mod follow;
mod head;
mod ring;
mod settled;
mod slot;
mod source;
mod tailer;

pub(crate) use self::{
    cursor::{Cursor, History},
    head::Told,
    slot::Slot,
    source::Source,
    tailer::Tailer,
};
