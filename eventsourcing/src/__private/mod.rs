//! What generated code may name. Nobody's API: it changes whenever the derives do.
//!
//! The derives write thin shells around these functions, so that the logic is ordinary code and users' names and
//! lints do not meet it.

mod listed;
mod lock;
mod shapes;
#[cfg(not(feature = "lock"))]
mod without_lock;

use std::{error::Error, fmt, marker::PhantomData, num::NonZero, str::FromStr};

use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor},
};

#[cfg(feature = "lock")]
pub use crate::lock::{
    accepts::may_read,
    is_fresh as lock_is_fresh,
    replay::{Findings, findings, is_readable as locked_history_is_readable},
};
pub use crate::schema::OldType;
pub use crate::{
    aggregates::aggregate::{Aggregate, Apply, Snapshots},
    codec::{DecodeError, EncodeError, PayloadError},
    compiled::{Compiled, Failure, Lock, LockedEvent},
    schema::{
        Adapter, Catalog, CodePlace, CutTarget, DefaultValue, Event, EventType, EventTypes, Field, Float, Integer,
        Locked, MapKey, Origin, RetiredType, Schema, Shape, Tagging, Variant,
        adapter::{NotRead, Read, ReadByType, reads_by},
        default::{NotShown, Shown, ShownAsDebug, ShownAsJson, ShownEmpty},
        hash,
        mistaken::mistaken_for,
        schema_as::{As, DateTime, Decimal, Text},
    },
    vocabulary::{Category, Encoded, SchemaVersion, Tag},
};
pub use listed::{
    IsListed, Listed, MayBeListed, all_are_claimed, is_claimed_once, is_of_this_package, stands_in_a_module,
};
pub use lock::{LockCheck, check_field, check_rest, check_whole, old_type};
pub use serde;
pub use shapes::{
    apart, beside_tag, buffered, contained_once, content, content_fingerprint, flattened, has_room_for_a_tag, kept,
    read_as_itself, read_from_nothing, readable_without, recursive,
};
pub use std::{
    cfg, concat,
    default::Default,
    env, file, include_bytes,
    marker::{Send, Sync},
    module_path,
    option::Option,
    option_env,
    primitive::{bool, i64, str, u8, u64},
    result::Result,
    string::String,
    vec::Vec,
};
#[cfg(not(feature = "lock"))]
pub use without_lock::{lock_is_fresh, locked_history_is_readable};

use crate::{
    codec::json,
    mutants::without,
    schema::{
        changed_formats::refuse_changed,
        compare::{Message, Part, losses},
    },
    vocabulary::same,
};

/// Whether a type can be written: the constant of those that can hides the one of [`MaybeWritten`].
#[derive(Debug)]
pub struct Written<T: ?Sized>(PhantomData<T>);

impl<T: Serialize + ?Sized> Written<T> {
    /// It can.
    pub const IS_WRITTEN: bool = true;
}

/// What holds for types that cannot be written.
pub trait MaybeWritten {
    /// It cannot.
    const IS_WRITTEN: bool = false;
}

impl<T: ?Sized> MaybeWritten for Written<T> {}

/// Fails to compile for a type that is written in another form than it is read from.
#[track_caller]
pub const fn never_written(is_written: bool, message: &str) {
    assert!(!is_written, "{}", message);
}

/// Stands for a type inside its own schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub struct Itself;

impl Schema for Itself {
    const SHAPE: Shape = Shape::Itself;
}

/// Stands for a type inside the schema of another one, to see where it comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub struct Probe;

impl Schema for Probe {
    const SHAPE: Shape = Shape::PROBE;
}

/// Stands for a type that constants do not follow further, because it would lead back (`#[schema(recursive)]`).
#[derive(Debug)]
pub struct Cut<T: ?Sized>(PhantomData<T>);

impl<T: Schema + ?Sized> Schema for Cut<T> {
    const SHAPE: Shape = Shape::Cut(CutTarget::of::<T>());
}

/// Stands for such a type that depends on the parameters of the one it is in: whether it has a schema would depend on
/// itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub struct CutUnknown;

impl Schema for CutUnknown {
    const SHAPE: Shape = Shape::Cut(CutTarget::UNKNOWN);
}

/// A type that serde writes and reads.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be stored, because serde does not write and read it",
    label = "neither written nor read, or not both",
    note = "add `#[derive(serde::Serialize, serde::Deserialize)]` to `{Self}`; for a type of another crate, look for its feature `serde`, or write it `#[serde(with = \"..\")]`"
)]
pub trait Stored: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Stored for T {}

/// Asks for the bound, and does nothing.
pub const fn stored<T: Stored>() {}

/// The version with this number, which the derive has checked to be 1 or more.
pub const fn version(number: u16) -> SchemaVersion {
    match SchemaVersion::new(number) {
        Some(version) => version,
        None => SchemaVersion::FIRST,
    }
}

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
    match json::from_slice(encoded.payload) {
        Ok(payload) => Ok(payload),
        Err(source) => Err(unreadable(encoded, source)),
    }
}

/// No part of [`decode`], because that is compiled for each event.
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

/// Whether the events of these types include one with this tag, retired ones included.
pub const fn has_tag(types: &EventTypes, tag: &str) -> bool {
    let mut i = 0;
    while i < types.own.len() {
        if same(types.own[i].tag, tag) {
            return true;
        }
        i += 1;
    }
    i = 0;
    while i < types.retired.len() {
        if same(types.retired[i].tag, tag) {
            return true;
        }
        i += 1;
    }
    i = 0;
    while i < types.nested.len() {
        if has_tag(types.nested[i], tag) {
            return true;
        }
        i += 1;
    }
    false
}

/// Fails to compile when a tag belongs to two of the event types that are composed.
///
/// The derive of each type has compared the tags of its own variants.
#[track_caller]
pub const fn each_tag_is_of_one_type(name: &str, names: &[&str], types: &EventTypes) {
    let bare = EventTypes { nested: &[], ..*types };
    let mut i = 0;
    while i < types.nested.len() {
        refuse_shared(name, names[i], types.nested[i], &bare);
        let mut j = 0;
        while j < i {
            refuse_shared(names[j], names[i], types.nested[i], types.nested[j]);
            j += 1;
        }
        i += 1;
    }
}

#[track_caller]
const fn refuse_shared(name: &str, other: &str, tags_of: &EventTypes, types: &EventTypes) {
    let mut i = 0;
    while i < tags_of.own.len() {
        refuse_tag(name, other, tags_of.own[i].tag, types);
        i += 1;
    }
    i = 0;
    while i < tags_of.retired.len() {
        refuse_tag(name, other, tags_of.retired[i].tag, types);
        i += 1;
    }
    i = 0;
    while i < tags_of.nested.len() {
        refuse_shared(name, other, tags_of.nested[i], types);
        i += 1;
    }
}

#[track_caller]
const fn refuse_tag(name: &str, other: &str, tag: &str, types: &EventTypes) {
    if has_tag(types, tag) {
        let mut message = Message::new();
        message.add("the tag ");
        message.quote(tag);
        message.add(" is in ");
        message.quote(name);
        message.add(" and in ");
        message.quote(other);
        message.add("; a stored event belongs to one of them, so give one another tag");
        message.fail();
    }
}

/// Snapshots of a state, as `#[aggregate(snapshot(..))]` wants them; the derive has checked `every`.
pub const fn snapshots<A: Serialize + DeserializeOwned + Schema>(every: u32, version: u32) -> Snapshots<A> {
    let every = match NonZero::new(every) {
        Some(every) => every,
        None => NonZero::<u32>::MIN,
    };
    Snapshots::json(every, version)
}

/// Stands for an event type or an id that a faulty `#[aggregate]` does not name.
#[derive(Debug)]
#[non_exhaustive]
pub struct NotDerived;

impl Event for NotDerived {
    const TYPES: EventTypes = EventTypes { own: &[], nested: &[], retired: &[], origin: None };

    fn encode(&self) -> Result<Encoded<Vec<u8>>, EncodeError> {
        not_derived()
    }

    fn decode(_: &Encoded<&[u8]>) -> Result<Option<Self>, DecodeError> {
        not_derived()
    }
}

impl fmt::Display for NotDerived {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        not_derived()
    }
}

impl FromStr for NotDerived {
    type Err = fmt::Error;

    fn from_str(_: &str) -> Result<Self, fmt::Error> {
        not_derived()
    }
}

/// What a locked shape allows and today's shape does not read, one difference on each line.
pub fn differences(now: &Shape, locked: &Shape) -> String {
    losses(now, locked, Part::All).text().to_owned()
}

/// The body of functions that a faulty derive leaves; the crate does not compile, so nothing calls it.
pub fn not_derived<T>() -> T {
    unreachable!("the derive has reported a mistake")
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
