//! Why a projector stops for a while, or for good.

use std::error::Error;

use super::error::ProjectorError;
use crate::{port::StoreError, vocabulary::Tag};

/// Why `run` goes on from the checkpoint again, or ends.
pub(super) enum Stop<E> {
    /// Another instance has moved the checkpoint, or is about to.
    Superseded,
    /// Another release takes these events as well, and this one must not pass over them.
    Older(Vec<Tag>),
    /// A passing fault of the database.
    Lost(Box<dyn Error + Send + Sync>),
    Failed(ProjectorError<E>),
}

/// Faults of the database that pass are waited for.
pub(super) fn passing<E>(error: StoreError) -> Stop<E> {
    if error.is_transient() { Stop::Lost(error.into()) } else { Stop::Failed(error.into()) }
}
