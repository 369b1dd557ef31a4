//! Whether an error is of the codec, or of the user's own rules about values.

use crate::codec::DecodeError;

/// How the messages begin that serde and its derives write. Everything else comes from `serde::de::Error::custom`,
/// that is, from `try_from`, `with` and hand-written code.
const OF_THE_CODEC: &[&str] = &[
    "missing field",
    "invalid type",
    "invalid value",
    "invalid length",
    "unknown variant",
    "unknown field",
    "duplicate field",
    "data did not match any variant",
    "no variant of enum",
    "can only flatten",
    "expected ",
];

/// What the user's own code said; `None` when the codec itself does not read the payload.
pub(super) fn own_rule(error: &DecodeError) -> Option<String> {
    match error {
        DecodeError::Upcast { source, .. } => Some(source.to_string()),
        DecodeError::Payload { source, .. } if source.source.is_data() => {
            let message = source.source.to_string();
            let is_of_the_codec = OF_THE_CODEC.iter().any(|start| message.starts_with(start));
            (!is_of_the_codec).then(|| without_place(message))
        }
        _ => None,
    }
}

/// A message of `serde_json` without the line and column, which say nothing in a payload of one line.
pub(super) fn without_place(mut message: String) -> String {
    if let Some(place) = message.rfind(" at line ") {
        message.truncate(place);
    }
    message
}
