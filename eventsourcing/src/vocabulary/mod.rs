//! Floor 0: the words that everything else is said in: streams, positions, events before and after they are stored.
//! Knows nothing of storage, of JSON or of event types.

mod chain;
mod metadata;
mod position;
mod record;
mod stream_id;
mod tag;
mod text;
mod timestamp;

pub(crate) use chain::Chain;
pub use metadata::Metadata;
pub use position::{After, ExpectedVersion, GlobalPosition, StreamVersion};
pub use record::{Encoded, EventId, NewEvent, Recorded};
pub use stream_id::{Category, InvalidStreamId, StreamId};
pub use tag::{InvalidTag, SchemaVersion, Tag};
pub(crate) use text::same;
pub use timestamp::Timestamp;
