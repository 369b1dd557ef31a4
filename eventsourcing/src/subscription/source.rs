//! What a subscription is of.

use crate::{
    position::StreamVersion,
    store::{Filter, StoredEvent},
    stream_id::StreamId,
};

/// Which events a subscription hands out.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    Log(Filter),
    Stream { id: StreamId, after: Option<StreamVersion> },
}

impl Source {
    pub(super) fn admits<P>(&self, event: &StoredEvent<P>) -> bool {
        match self {
            Self::Log(filter) => filter.admits(event),
            Self::Stream { id, after } => event.stream_id == *id && Some(event.version) > *after,
        }
    }
}
