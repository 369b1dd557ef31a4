//! What a value looks like when an adapter writes and reads it in place of its own type.

use std::{
    marker::PhantomData,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6},
};

use uuid::Uuid;

use super::{MapKey, Schema, Shape};

/// An adapter with a known wire form: what it writes of a `T`, and reads again.
///
/// The adapters are those of `serde_with`, which have this with the feature of that name. A field with
/// `#[serde_as(as = "Adapter")]` then needs no `#[schema(as = ..)]`. It can be written by hand for an adapter of your own.
#[diagnostic::on_unimplemented(
    message = "the wire form of `{T}` through `{Self}` is not known",
    label = "say it on this field: `#[schema(as = ..)]`",
    note = "the adapters of `serde_with` are known with the feature `serde_with` of `eventsourcing`",
    note = "an adapter of yours implements `eventsourcing::schema::SchemaAs<{T}>`"
)]
pub trait SchemaAs<T: ?Sized> {
    /// The wire form.
    const SHAPE: Shape;
}

/// An adapter of what can be the key of a map: it writes text.
#[diagnostic::on_unimplemented(
    message = "`{T}` through `{Self}` cannot be the key of a stored map, because the keys of JSON are text",
    label = "not a key"
)]
pub trait MapKeyAs<T: ?Sized>: SchemaAs<T> {}

/// A type that can be stored as the text which `Display` writes and `FromStr` reads.
///
/// [`as_text`](crate::codec::as_text) and `serde_with`'s `DisplayFromStr` write it so. Numbers keep their limits, so that
/// a `u64` which becomes a `u8` is a change of the schema, as it is without an adapter. A type of yours says it in a line:
///
/// ```
/// use eventsourcing::schema::{AsText, Shape};
///
/// struct Iban(String);
///
/// impl AsText for Iban {
///     const SHAPE: Shape = Shape::Text("iban");
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "nothing says what the text of a `{Self}` is, so it cannot be stored as text",
    label = "say it on this field: `#[schema(as = \"String\")]`",
    note = "a type of yours says it once: `impl eventsourcing::schema::AsText for {Self}`"
)]
pub trait AsText {
    /// [`Shape::Text`] in a format of its own, or [`Shape::String`] when any text is one.
    const SHAPE: Shape;
}

macro_rules! text {
    ($($ty:ident $format:literal)+) => {
        $(
            impl AsText for $ty {
                const SHAPE: Shape = Shape::Text($format);
            }
        )+
    };
}

text! {
    i8 "i8"
    i16 "i16"
    i32 "i32"
    i64 "i64"
    i128 "i128"
    u8 "u8"
    u16 "u16"
    u32 "u32"
    u64 "u64"
    u128 "u128"
    bool "bool"
}

/// Types whose `Display` writes what serde does.
macro_rules! text_of_schema {
    ($($ty:ty),+) => {
        $(
            impl AsText for $ty {
                const SHAPE: Shape = <$ty as Schema>::SHAPE;
            }
        )+
    };
}

text_of_schema!(char, String, Uuid, IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6);
#[cfg(feature = "rust_decimal")]
text_of_schema!(rust_decimal::Decimal);
#[cfg(feature = "semver")]
text_of_schema!(semver::Version, semver::VersionReq);
#[cfg(feature = "ulid")]
text_of_schema!(ulid::Ulid);
#[cfg(feature = "url")]
text_of_schema!(url::Url);

/// A field of type `T` that is written by the adapter `A`.
#[derive(Debug)]
pub struct As<T: ?Sized, A: ?Sized>(PhantomData<A>, PhantomData<T>);

impl<T: ?Sized, A: SchemaAs<T> + ?Sized> Schema for As<T, A> {
    const SHAPE: Shape = A::SHAPE;
}

impl<T: ?Sized, A: MapKeyAs<T> + ?Sized> MapKey for As<T, A> {}

/// [`as_text`](crate::codec::as_text) as an adapter.
#[derive(Debug)]
#[non_exhaustive]
pub struct Text;

impl<T: AsText> SchemaAs<T> for Text {
    const SHAPE: Shape = T::SHAPE;
}

impl<T: AsText> MapKeyAs<T> for Text {}

/// What `time::serde::rfc3339` writes.
#[derive(Debug)]
#[non_exhaustive]
pub struct DateTime;

impl Schema for DateTime {
    const SHAPE: Shape = Shape::Text("date-time");
}

/// What `rust_decimal::serde::str` writes, whatever features of that crate are on.
#[derive(Debug)]
#[non_exhaustive]
pub struct Decimal;

impl Schema for Decimal {
    const SHAPE: Shape = Shape::Text("decimal");
}
