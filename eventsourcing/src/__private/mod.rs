//! What generated code may name. Nobody's API: it changes whenever the derives do.
//!
//! The derives write thin shells around these functions, so that the logic is ordinary code and users' names and
//! lints do not meet it.

mod listed;
mod lock;
mod payload;
mod shapes;
mod stand_ins;
mod tags;
mod values;
#[cfg(not(feature = "lock"))]
mod without_lock;

use std::{marker::PhantomData, num::NonZero};

use serde::{Serialize, de::DeserializeOwned};

#[cfg(feature = "lock")]
pub use crate::lock::{
    accepts::may_read,
    is_fresh as lock_is_fresh,
    notes::changed_values,
    replay::{Findings, findings, has_mistaken_values, is_readable as locked_history_is_readable},
};
pub use crate::schema::OldType;
pub use crate::{
    aggregates::aggregate::{Aggregate, Apply, Snapshots},
    codec::{DecodeError, EncodeError, PayloadError, json::PayloadReader},
    compiled::{Compiled, Failure, Lock, LockedEvent},
    schema::{
        Adapter, Catalog, CodePlace, CutTarget, DefaultValue, Event, EventType, EventTypes, Field, Float, Integer,
        Locked, MapKey, Origin, RetiredType, Schema, Shape, Tagging, ValueCheck, Variant,
        adapter::{NotRead, Read, ReadByType, reads_by},
        default::{NotShown, Shown, ShownAsDebug, ShownAsJson, ShownEmpty},
        hash,
        impls::refused::{SeesInto, TheLock},
        mistaken::mistaken_for,
        schema_as::{As, DateTime, Decimal, Text},
    },
    vocabulary::{Category, Encoded, SchemaVersion, Tag},
};
pub use listed::{
    IsListed, Listed, MayBeListed, all_are_claimed, is_claimed_once, is_of_this_package, stands_in_a_module,
};
pub use lock::{LockCheck, check_field, check_rest, check_whole, old_type};
pub use payload::{
    Payload, UpcastTo, decode, decode_empty, decode_nested, encode, encode_empty, merged_keys, read, unknown_tag,
    unknown_version, upcast,
};
pub use serde;
pub use serde_json::Error as JsonError;
pub use shapes::{
    apart, beside_tag, buffered, contained_once, content, content_fingerprint, flattened, has_room_for_a_tag, kept,
    read_as_itself, read_from_nothing, readable_without, recursive,
};
pub use stand_ins::{Cut, CutUnknown, Itself, NotDerived, Probe, not_derived};
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
pub use tags::{each_tag_is_of_one_type, has_tag};
pub use values::{Step, check_part, check_values};
#[cfg(not(feature = "lock"))]
pub use without_lock::{lock_is_fresh, locked_history_is_readable};

use crate::schema::compare::{Part, losses};

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

/// Snapshots of a state, as `#[aggregate(snapshot(..))]` wants them; the derive has checked `every`.
pub const fn snapshots<A: Serialize + DeserializeOwned + Schema>(every: u32, version: u32) -> Snapshots<A> {
    let every = match NonZero::new(every) {
        Some(every) => every,
        None => NonZero::<u32>::MIN,
    };
    Snapshots::json(every, version)
}

/// What a locked shape allows and today's shape does not read, one difference on each line.
pub fn differences(now: &Shape, locked: &Shape) -> String {
    losses(now, locked, Part::All).text().to_owned()
}
