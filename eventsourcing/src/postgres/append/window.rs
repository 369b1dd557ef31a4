//! Which appends look for their events among the latest of the stream.

use crate::vocabulary::ExpectedVersion;

/// Whether an append may stand anywhere at the end of its stream, so that a repetition has to be looked for.
pub(super) fn searches_window(expected: ExpectedVersion) -> bool {
    matches!(expected, ExpectedVersion::Any | ExpectedVersion::StreamExists)
}
