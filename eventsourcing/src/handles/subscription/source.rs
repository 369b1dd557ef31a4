//! What a subscription is of.

use crate::{
    port::{Filter, Stored},
    vocabulary::{StreamId, StreamVersion},
};

/// Which events a subscription hands out.
#[derive(Debug, Clone)]
pub(super) enum Source {
    Log(Filter),
    Stream { id: StreamId, after: Option<StreamVersion> },
}

impl Source {
    pub(super) fn admits<P>(&self, stored: &Stored<P>) -> bool {
        match self {
            Self::Log(filter) => filter.admits(stored),
            Self::Stream { id, after } => stored.stream_id() == id.as_str() && Some(stored.version()) > *after,
        }
    }
}
