//! The adapters of `serde_with`, whose wire form is known from what they hold and what they are told.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use serde_with::{
    Bytes, DefaultOnNull, DisplayFromStr, DurationMicroSeconds, DurationMicroSecondsWithFrac, DurationMilliSeconds,
    DurationMilliSecondsWithFrac, DurationNanoSeconds, DurationNanoSecondsWithFrac, DurationSeconds,
    DurationSecondsWithFrac, FromInto, OneOrMany, Same, TimestampMicroSeconds, TimestampMicroSecondsWithFrac,
    TimestampMilliSeconds, TimestampMilliSecondsWithFrac, TimestampNanoSeconds, TimestampNanoSecondsWithFrac,
    TimestampSeconds, TimestampSecondsWithFrac, TryFromInto,
    base64::{Base64, Standard, UrlSafe},
    formats::{Format, Padded, PreferMany, PreferOne, Strictness, Unpadded},
    hex::Hex,
};

use crate::schema::{
    schema_as::{AsText, MapKeyAs, SchemaAs},
    shape::{CodePlace, Integer, MapKey, Schema, Shape, Tagging, Variant},
};

impl<T: Schema> SchemaAs<T> for Same {
    const SHAPE: Shape = T::SHAPE;
}

impl<T: MapKey> MapKeyAs<T> for Same {}

impl<T: AsText> SchemaAs<T> for DisplayFromStr {
    const SHAPE: Shape = T::SHAPE;
}

impl<T: AsText> MapKeyAs<T> for DisplayFromStr {}

impl<T, U: Schema> SchemaAs<T> for FromInto<U> {
    const SHAPE: Shape = U::SHAPE;
}

impl<T, U: Schema> SchemaAs<T> for TryFromInto<U> {
    const SHAPE: Shape = U::SHAPE;
}

// It reads `null` too, but never writes it.
impl<T, By: SchemaAs<T>> SchemaAs<T> for DefaultOnNull<By> {
    const SHAPE: Shape = By::SHAPE;
}

/// Numbers (or their text) that stand for a time; which ones, only the lock's reader can tell from the field's name.
macro_rules! numbers {
    ($($adapter:ident)+) => {
        $(
            impl<T, N: Format + Schema, S: Strictness> SchemaAs<T> for $adapter<N, S> {
                const SHAPE: Shape = N::SHAPE;
            }
        )+
    };
}

numbers! {
    DurationSeconds DurationMilliSeconds DurationMicroSeconds DurationNanoSeconds
    DurationSecondsWithFrac DurationMilliSecondsWithFrac DurationMicroSecondsWithFrac DurationNanoSecondsWithFrac
    TimestampSeconds TimestampMilliSeconds TimestampMicroSeconds TimestampNanoSeconds
    TimestampSecondsWithFrac TimestampMilliSecondsWithFrac TimestampMicroSecondsWithFrac TimestampNanoSecondsWithFrac
}

const BYTES: Shape = Shape::List(&Shape::Integer(Integer::U8));

impl SchemaAs<Vec<u8>> for Bytes {
    const SHAPE: Shape = BYTES;
}

impl SchemaAs<Box<[u8]>> for Bytes {
    const SHAPE: Shape = BYTES;
}

impl<const N: usize> SchemaAs<[u8; N]> for Bytes {
    const SHAPE: Shape = Shape::Array(&Shape::Integer(Integer::U8), N);
}

/// Bytes as text. How many they are is a part of the format: a key of 32 bytes is not read from one of 16.
macro_rules! encoded {
    ($($adapter:ty: $($bytes:ty = $format:literal),+;)+) => {
        $($(
            impl SchemaAs<$bytes> for $adapter {
                const SHAPE: Shape = Shape::Text($format);
            }
        )+)+
    };
}

encoded! {
    Base64<Standard, Padded>: Vec<u8> = "base64", [u8; 16] = "base64-16", [u8; 32] = "base64-32", [u8; 64] = "base64-64";
    Base64<Standard, Unpadded>: Vec<u8> = "base64-unpadded";
    Base64<UrlSafe, Padded>: Vec<u8> = "base64url";
    Base64<UrlSafe, Unpadded>: Vec<u8> = "base64url-unpadded";
}

// Both cases are read, whichever is written.
impl<F: Format> SchemaAs<Vec<u8>> for Hex<F> {
    const SHAPE: Shape = Shape::Text("hex");
}

macro_rules! hex {
    ($($length:literal $format:literal),+) => {
        $(
            impl<F: Format> SchemaAs<[u8; $length]> for Hex<F> {
                const SHAPE: Shape = Shape::Text($format);
            }
        )+
    };
}

hex!(16 "hex-16", 20 "hex-20", 32 "hex-32", 64 "hex-64");

impl<T, By: SchemaAs<T>> SchemaAs<Vec<T>> for OneOrMany<By, PreferOne> {
    const SHAPE: Shape = Shape::Enum {
        tagging: Tagging::Untagged,
        variants: &[alternative("One", By::SHAPE), alternative("Many", Shape::List(&By::SHAPE))],
    };
}

// It reads a single value too, but never writes it.
impl<T, By: SchemaAs<T>> SchemaAs<Vec<T>> for OneOrMany<By, PreferMany> {
    const SHAPE: Shape = Shape::List(&By::SHAPE);
}

const fn alternative(name: &'static str, shape: Shape) -> Variant {
    Variant { name, aliases: &[], shape, other: false, read_only: false, origin: CodePlace::UNKNOWN }
}

macro_rules! wrappers {
    ($($wrapper:ident)+) => {
        $(
            impl<T, By: SchemaAs<T>> SchemaAs<$wrapper<T>> for $wrapper<By> {
                const SHAPE: Shape = By::SHAPE;
            }
        )+
    };
}

wrappers!(Box Rc Arc);

impl<T, By: SchemaAs<T>> SchemaAs<Option<T>> for Option<By> {
    const SHAPE: Shape = Shape::Option(&By::SHAPE);
}

impl<T, By: SchemaAs<T>> SchemaAs<Vec<T>> for Vec<By> {
    const SHAPE: Shape = Shape::List(&By::SHAPE);
}

impl<T, By: SchemaAs<T>, const N: usize> SchemaAs<[T; N]> for [By; N] {
    const SHAPE: Shape = Shape::Array(&By::SHAPE, N);
}

impl<T, By: SchemaAs<T>> SchemaAs<BTreeSet<T>> for BTreeSet<By> {
    const SHAPE: Shape = Shape::Set(&By::SHAPE);
}

impl<T, By: SchemaAs<T>, S> SchemaAs<HashSet<T, S>> for HashSet<By, S> {
    const SHAPE: Shape = Shape::Set(&By::SHAPE);
}

impl<K, V, KA: MapKeyAs<K>, VA: SchemaAs<V>> SchemaAs<BTreeMap<K, V>> for BTreeMap<KA, VA> {
    const SHAPE: Shape = Shape::Map { key: &KA::SHAPE, value: &VA::SHAPE };
}

impl<K, V, KA: MapKeyAs<K>, VA: SchemaAs<V>, S> SchemaAs<HashMap<K, V, S>> for HashMap<KA, VA, S> {
    const SHAPE: Shape = Shape::Map { key: &KA::SHAPE, value: &VA::SHAPE };
}

// A map whose keys are no text, as the list of its pairs.
impl<K, V, KA: SchemaAs<K>, VA: SchemaAs<V>> SchemaAs<BTreeMap<K, V>> for Vec<(KA, VA)> {
    const SHAPE: Shape = Shape::List(&Shape::Tuple(&[KA::SHAPE, VA::SHAPE]));
}

impl<K, V, KA: SchemaAs<K>, VA: SchemaAs<V>, S> SchemaAs<HashMap<K, V, S>> for Vec<(KA, VA)> {
    const SHAPE: Shape = Shape::List(&Shape::Tuple(&[KA::SHAPE, VA::SHAPE]));
}

macro_rules! tuples {
    ($(($($value:ident $adapter:ident),+))+) => {
        $(
            impl<$($value,)+ $($adapter: SchemaAs<$value>,)+> SchemaAs<($($value,)+)> for ($($adapter,)+) {
                const SHAPE: Shape = Shape::Tuple(&[$($adapter::SHAPE),+]);
            }
        )+
    };
}

tuples! {
    (A AA)
    (A AA, B BA)
    (A AA, B BA, C CA)
    (A AA, B BA, C CA, D DA)
}
