//! Types that generated code puts in the place of others: where a schema would lead back, and where a derive has failed.

use std::{fmt, marker::PhantomData, str::FromStr};

use crate::{
    codec::{DecodeError, EncodeError},
    schema::{CutTarget, Event, EventTypes, Schema, Shape},
    vocabulary::Encoded,
};

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

/// The body of functions that a faulty derive leaves; the crate does not compile, so nothing calls it.
pub fn not_derived<T>() -> T {
    unreachable!("the derive has reported a mistake")
}
