//! Why a projection has ended.

use std::fmt;

use crate::{
    engine::decode::ReadError,
    port::{StoreError, StoredType},
    vocabulary::{GlobalPosition, Tag},
};

/// Why a projection has ended. Its checkpoint stands before what it could not fold.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectorError<E> {
    /// `apply` failed; the batch was rolled back.
    #[error("projection `{projection}` failed on the events from position {} to {}", number(*from), number(*to))]
    Apply {
        /// The name of the projection.
        projection: &'static str,
        /// The position of the batch's first event.
        from: Option<GlobalPosition>,
        /// The position of the batch's last event.
        to: Option<GlobalPosition>,
        /// What `apply` said.
        source: E,
    },
    /// `apply`, or the decoding of an event, panicked; what it was at was rolled back.
    #[error("projection `{projection}` panicked{}: {message}", Behind(*after))]
    Panicked {
        /// The name of the projection.
        projection: &'static str,
        /// Where the checkpoint stands; `None` before the first event.
        after: Option<GlobalPosition>,
        /// What the panic said.
        message: String,
    },
    /// Another type of projection has this name in the same store: the two would share out the events.
    #[error("another projection has run under the name `{projection}` in this store; each needs a name of its own")]
    NameTaken {
        /// The name of both.
        projection: &'static str,
    },
    /// The checkpoint of this name is that of a consumer of another kind, or of other events.
    #[error(
        "the checkpoint `{projection}` belongs to another consumer; give this projection a name of its own{}",
        Of(unknown)
    )]
    OtherConsumer {
        /// The name of the projection.
        projection: &'static str,
        /// The tags that the other consumer takes and this projection does not know, in the version that the other takes.
        unknown: Vec<Tag>,
    },
    /// The projection now takes types of events that stand before its checkpoint, and that it passed over when it did not
    /// know them.
    #[error(
        "projection `{projection}` now takes events that it has passed over before its checkpoint at position \
         {checkpoint}: {}; rebuild it (`reset` of its status), or let it go on without them (`without_past_of`)",
        Types(unseen)
    )]
    UnseenEvents {
        /// The name of the projection.
        projection: &'static str,
        /// Where its checkpoint stands.
        checkpoint: GlobalPosition,
        /// The types that it has not seen, each with the position of the first such event.
        unseen: Vec<StoredType>,
    },
    /// An event is not readable as the projection's event type.
    #[error("projection `{projection}` has stopped before an event that it cannot read")]
    Read {
        /// The name of the projection.
        projection: &'static str,
        /// Why, and which event.
        source: ReadError,
    },
    /// The store failed in a way that does not pass by itself.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<E> ProjectorError<E> {
    /// Whether running it again may help without anybody's doing: what passes by itself is waited out, so it seldom is one
    /// of these.
    pub fn is_retriable(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_retriable())
    }
}

fn number(position: Option<GlobalPosition>) -> i64 {
    position.map_or(0, GlobalPosition::get)
}

struct Behind(Option<GlobalPosition>);

impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |position| write!(f, " behind position {position}"))
    }
}

struct Of<'a>(&'a [Tag]);

impl fmt::Display for Of<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(
            f,
            " (that one takes events that this one does not know: {}; if it is meant to take them no more, call \
             `forget_unknown_events` of its status)",
            Tags(self.0)
        )
    }
}

struct Types<'a>(&'a [StoredType]);

impl fmt::Display for Types<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, StoredType { tag, schema_version, first_position }) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}`{tag}` in version {schema_version} from position {first_position}")?;
        }
        Ok(())
    }
}

/// Names in backticks, with commas between them.
pub(super) struct Tags<'a>(pub(super) &'a [Tag]);

impl fmt::Display for Tags<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, tag)| {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}`{tag}`")
        })
    }
}
