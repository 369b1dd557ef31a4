//! What can be wrong with a payload, on the way in and on the way out.

use std::borrow::Cow;

use crate::vocabulary::{SchemaVersion, Tag};

/// Why an event cannot be stored as JSON.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// A float is infinite or not a number; JSON has no such numbers, and `null` would be read as something else.
    #[error("{path}: {value} is no JSON number; events hold finite floats only")]
    NonFiniteFloat {
        /// Where in the payload, such as `.lines[2].price`; `.` is the payload itself.
        path: String,
        /// The value.
        value: f64,
    },
    /// A string or a key contains U+0000, which Postgres cannot query in a JSON document.
    #[error("{path}: the text contains U+0000, which a stored event must not")]
    Nul {
        /// Where in the payload.
        path: String,
    },
    /// Arrays and objects stand deeper inside each other than [`MAX_DEPTH`](super::json::MAX_DEPTH).
    #[error("{path}: more than {} levels of lists and objects, which could not be read again", super::depth::MAX_DEPTH)]
    TooDeep {
        /// Where in the payload.
        path: String,
    },
    /// A flattened field, or what stands beside the tag of an enum, repeats a key.
    #[error("{path}: the key is written twice into one object, so it could not be read again")]
    DuplicateKey {
        /// Where in the payload.
        path: String,
    },
    /// An object has a key that `serde_json` keeps for itself, so with some of its features another value would be read.
    #[error(
        "{path}: the key is one that `serde_json` keeps for itself, and what has it is not always read as an object"
    )]
    PrivateKey {
        /// Where in the payload.
        path: String,
    },
    /// A feature of another crate has changed what some type of the event looks like, in this build.
    #[error(
        "the feature `{feature}` is on in this build and changes what is written of `{format}`, so it would not be what the schema states; `cargo tree -e features -i {}` tells who turns it on",
        feature.split('/').next().unwrap_or(feature)
    )]
    ChangedFormat {
        /// The format that the schema states, such as `decimal`.
        format: &'static str,
        /// The feature, as `crate/feature`.
        feature: &'static str,
    },
    /// The type's own `Serialize` writes another value in place of this one, or the schema of the type refuses it.
    #[error("{path}: {reason}")]
    InexactValue {
        /// Where in the payload; `.*` stands for some key of a map.
        path: String,
        /// What would be lost, and what to do about it.
        reason: Cow<'static, str>,
    },
    /// A flattened map has a key of its own which is that of a field beside it, and which would be read as that field.
    #[error("{path}: a flattened map has this key, and it would be read as a field beside the map")]
    KeyOfField {
        /// Where in the payload.
        path: String,
    },
    /// A flattened map has a key beside which the payload could not be read again.
    #[error("what a flattened map holds beside other fields could not be read again")]
    Unreadable {
        /// What reading said.
        #[source]
        source: DecodeError,
    },
    /// The type's own `Serialize` refused, or it is not JSON (a map with keys that are no strings).
    #[error("{path}: it cannot be written as JSON")]
    Serialize {
        /// Where in the payload.
        path: String,
        /// What serde said.
        source: serde_json::Error,
    },
}

/// Why bytes are no payload of the wanted type.
#[derive(Debug, thiserror::Error)]
#[error("at {path}")]
#[non_exhaustive]
pub struct PayloadError {
    /// Where in the payload, such as `.lines[2].price`; `.` is the payload itself.
    pub path: String,
    /// What serde said.
    pub source: serde_json::Error,
}

/// Why a stored event is not readable as the wanted event type.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The event type has no such tag.
    #[error("the tag `{tag}` is not one of this event type; a newer release may have written it")]
    UnknownTag {
        /// The stored tag.
        tag: Tag,
    },
    /// The event type knows the tag but not this version of it.
    #[error(
        "version {version} of `{tag}` is unknown, the newest known one is {newest}; a newer release may have written it"
    )]
    UnknownVersion {
        /// The stored tag.
        tag: Tag,
        /// The stored version.
        version: SchemaVersion,
        /// The version that is written today.
        newest: SchemaVersion,
    },
    /// The payload does not have the shape of its version.
    #[error("`{tag}` version {version} does not have the expected shape")]
    Payload {
        /// The stored tag.
        tag: Tag,
        /// The stored version.
        version: SchemaVersion,
        /// Where, and what serde said.
        source: PayloadError,
    },
    /// A step from an older version to a newer one failed.
    #[error("`{tag}` version {version} could not be brought up to date")]
    Upcast {
        /// The stored tag.
        tag: Tag,
        /// The version from which the step started.
        version: SchemaVersion,
        /// What the conversion said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
