//! Types that no stored event holds, each with a message of its own in place of the general one of [`Schema`].
//!
//! rustc reports the innermost bound that is not met. So the schema of such a type rests on a bound that nothing meets,
//! and the message of that bound says what to write: behind an alias too, and inside of other types. The bound is on a
//! type of ours, because rustc takes the outer message again where both bounds are on one type.

use crate::schema::shape::{Schema, Shape};

/// Whatever reads JSON.
#[derive(Debug)]
#[non_exhaustive]
pub struct EveryReader;

/// The numbers that a reader keeps as they are written.
#[diagnostic::on_unimplemented(
    message = "JSON holds 128-bit integers only as text, for not every reader keeps such numbers",
    label = "`{T}`: write `#[serde(with = \"eventsourcing::codec::as_text\")]` on the field",
    note = "inside of another type, with the feature `serde_with`: `#[serde_as(as = \"Vec<DisplayFromStr>\")]`, and the like"
)]
pub trait Keeps<T> {}

/// Whatever machine a program runs on.
#[derive(Debug)]
#[non_exhaustive]
pub struct EveryMachine;

/// The numbers that have the same limits on a machine as on the others.
#[diagnostic::on_unimplemented(
    message = "`{T}` has other limits on other machines, and what is stored outlives them",
    label = "write `u64` for `usize`, `i64` for `isize`",
    note = "if the field has to stay as it is, say what is stored: `#[schema(as = \"u64\")]`, inside of another type `#[schema(as = \"Vec<u64>\")]`"
)]
pub trait Limits<T> {}

macro_rules! refused {
    ($($ty:ident: $bound:ty: $of:ident),+) => {
        $(
            // The lifetime is there because rustc refuses bounds that are false and depend on nothing.
            #[doc(hidden)]
            impl Schema for $ty
            where
                for<'never> $bound: $of<$ty>,
            {
                const SHAPE: Shape = Shape::Null;
            }
        )+
    };
}

refused!(u128: EveryReader: Keeps, i128: EveryReader: Keeps, usize: EveryMachine: Limits, isize: EveryMachine: Limits);

/// What states the form of stored events.
#[derive(Debug)]
#[non_exhaustive]
pub struct TheLock;

/// The types that it sees into. The derives ask so for a type called `RawValue`: they see names alone, and it may be one of
/// the user's with a schema, or that of `serde_json`.
#[diagnostic::on_unimplemented(
    message = "`{T}` is text that nobody looks into, so it cannot be part of a stored event",
    label = "write `serde_json::Value`",
    note = "raw text may hold what `events.lock` cannot state and `encode` does not see; a `Value` is locked as `any`, and looked through when it is written",
    note = "if this `{T}` is a type of yours, add `#[derive(Schema)]` to it"
)]
pub trait SeesInto<T: ?Sized> {
    /// The type itself.
    type Seen: ?Sized;
}

#[diagnostic::do_not_recommend]
impl<T: Schema + ?Sized> SeesInto<T> for TheLock {
    type Seen = T;
}
