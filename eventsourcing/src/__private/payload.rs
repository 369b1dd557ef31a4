//! Payloads of events: written, read, and taken from an older version to the next.

use std::{error::Error, fmt};

use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor},
};

use crate::{
    codec::{DecodeError, EncodeError, PayloadError, json},
    mutants::without,
    schema::{Event, EventType, changed_formats::refuse_changed},
    vocabulary::{Encoded, SchemaVersion, Tag},
};

/// A reference to an event that serializes as its payload.
pub trait Payload<E>: Serialize {
    /// The keys that flattened maps have in the payload of an event.
    fn merged_keys(event: &E) -> Vec<String>;
}

/// The stored form of an event.
///
/// A flattened map may have the key of a field beside it which is not written just now. Then nothing is written twice, and
/// still the field would take the key out of the map. So the payload is read again, where a map has added a key which the
/// event knows as a name.
pub fn encode<E: Event, T: Payload<E>>(
    tag: &'static str,
    schema_version: SchemaVersion,
    payload: &T,
) -> Result<Encoded<Vec<u8>>, EncodeError> {
    refuse_changed(&E::TYPES, tag)?;
    let stored_as = Tag::from_static(tag);
    let (text, keys) = json::with_merged_keys(payload)?;
    if are_names(E::TYPES.own, tag, &keys) {
        let event = E::decode(&Encoded { tag: stored_as.clone(), schema_version, payload: &text })
            .map_err(|source| EncodeError::Unreadable { source })?;
        let again = event.as_ref().map(T::merged_keys).unwrap_or_default();
        if let Some(key) = json::first_missing(&keys, &again) {
            return Err(json::place_of_merged(payload, key));
        }
    }
    Ok(Encoded { tag: stored_as, schema_version, payload: text })
}

/// Whether one of these keys is also a name in the shape of the event.
fn are_names(events: &[EventType], tag: &str, keys: &[String]) -> bool {
    let mut shapes = events.iter().filter(|event| event.tag == tag).map(|event| &event.shape);
    !keys.is_empty() && !without("keys_of_fields") && shapes.any(|shape| keys.iter().any(|key| shape.knows(key)))
}

/// The keys that flattened maps have in a payload which has been read again.
pub fn merged_keys<T: Serialize>(payload: &T) -> Vec<String> {
    json::merged_keys(payload)
}

/// The stored form of an event without fields: an object, so that it may get some later.
pub fn encode_empty(tag: &'static str, schema_version: SchemaVersion) -> Encoded<Vec<u8>> {
    Encoded { tag: Tag::from_static(tag), schema_version, payload: b"{}".to_vec() }
}

/// The payload as a `T`.
pub fn decode<T: DeserializeOwned>(encoded: &Encoded<&[u8]>) -> Result<T, DecodeError> {
    json::from_slice(encoded.payload).map_err(|source| unreadable(encoded, source))
}

/// The payload as an event, by a function that reads it: the only one that is compiled for each event.
pub fn read<E>(
    encoded: &Encoded<&[u8]>,
    event_of: fn(json::PayloadReader<'_, '_>) -> Result<E, serde_json::Error>,
) -> Result<Option<E>, DecodeError> {
    match json::read(encoded.payload, event_of) {
        Ok(event) => Ok(Some(event)),
        Err(source) => Err(unreadable(encoded, source)),
    }
}

fn unreadable(encoded: &Encoded<&[u8]>, source: PayloadError) -> DecodeError {
    DecodeError::Payload { tag: encoded.tag.clone(), version: encoded.schema_version, source }
}

/// Checks the payload of an event without fields: any object.
pub fn decode_empty(encoded: &Encoded<&[u8]>) -> Result<(), DecodeError> {
    decode::<AnyObject>(encoded).map(drop)
}

/// What a nested event type made of an event, as the type it is nested in.
pub fn decode_nested<N, E>(
    nested: Result<Option<N>, DecodeError>,
    wrap: impl FnOnce(N) -> E,
) -> Result<Option<E>, DecodeError> {
    nested.map(|event| event.map(wrap))
}

/// One step from an older version towards the one that is written.
pub fn upcast<A: UpcastTo<B>, B>(encoded: &Encoded<&[u8]>, from: SchemaVersion, value: A) -> Result<B, DecodeError> {
    value.upcast().map_err(|source| DecodeError::Upcast { tag: encoded.tag.clone(), version: from, source })
}

/// A step from one version of an event to the next.
#[diagnostic::on_unimplemented(
    message = "there is no step from `{Self}` to `{B}`",
    label = "does not become `{B}`",
    note = "write `impl From<{Self}> for {B}`, or `impl TryFrom<{Self}> for {B}` with an error type that implements `std::error::Error + Send + Sync`"
)]
pub trait UpcastTo<B> {
    /// The value of the next version.
    fn upcast(self) -> Result<B, Box<dyn Error + Send + Sync>>;
}

#[diagnostic::do_not_recommend]
impl<A, B> UpcastTo<B> for A
where
    A: TryInto<B, Error: Into<Box<dyn Error + Send + Sync>>>,
{
    fn upcast(self) -> Result<B, Box<dyn Error + Send + Sync>> {
        self.try_into().map_err(Into::into)
    }
}

/// The tag is none of the event type's.
pub fn unknown_tag(encoded: &Encoded<&[u8]>) -> DecodeError {
    DecodeError::UnknownTag { tag: encoded.tag.clone() }
}

/// The tag is known and its version is not.
pub fn unknown_version(encoded: &Encoded<&[u8]>, newest: SchemaVersion) -> DecodeError {
    DecodeError::UnknownVersion { tag: encoded.tag.clone(), version: encoded.schema_version, newest }
}

/// An object with any fields.
struct AnyObject;

impl<'de> Deserialize<'de> for AnyObject {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyFields;

        impl<'de> Visitor<'de> for AnyFields {
            type Value = AnyObject;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<AnyObject, A::Error> {
                while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(AnyObject)
            }
        }

        deserializer.deserialize_map(AnyFields)
    }
}
