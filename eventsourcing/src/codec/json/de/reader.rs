//! What stands between `serde_json` and the type that is read. It passes everything on; values inside are read through it
//! as well.

use std::{fmt, iter};

use serde::{
    Deserializer,
    de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor, value::MapDeserializer},
};

use super::{
    number::{ARBITRARY_PRECISION, Number},
    place::Place,
    replay::{Key, Replayed},
};

/// The only key of a number that arrives as a map.
const MAGIC: &str = "$serde_json::private::Number";

/// A part of serde's, and what all parts know.
#[derive(Debug)]
pub struct Reader<'a, T> {
    inner: T,
    place: &'a Place,
    /// How many elements, or keys, of this array or object have been read.
    count: usize,
}

impl<'a, T> Reader<'a, T> {
    pub(super) fn new(inner: T, place: &'a Place) -> Self {
        Self { inner, place, count: 0 }
    }
}

macro_rules! forward {
    ($($method:ident)+) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
                self.inner.$method(Reader::new(visitor, self.place))
            }
        )+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Reader<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_any(Any { inner: visitor, place: self.place })
    }

    forward! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8
        deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char
        deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_option deserialize_unit
        deserialize_seq deserialize_map deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_unit_struct(name, Reader::new(visitor, self.place))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_newtype_struct(name, Reader::new(visitor, self.place))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_tuple(len, Reader::new(visitor, self.place))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_tuple_struct(name, len, Reader::new(visitor, self.place))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_struct(name, fields, Reader::new(visitor, self.place))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_enum(name, variants, Reader::new(visitor, self.place))
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

macro_rules! visit {
    ($($method:ident($ty:ty))+) => {
        $(
            fn $method<E: Error>(self, value: $ty) -> Result<V::Value, E> {
                self.inner.$method(value)
            }
        )+
    };
}

/// What a visitor does that passes everything on but objects.
macro_rules! visits {
    () => {
        type Value = V::Value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.inner.expecting(f)
        }

        visit! {
            visit_bool(bool) visit_i8(i8) visit_i16(i16) visit_i32(i32) visit_i64(i64) visit_i128(i128) visit_u8(u8)
            visit_u16(u16) visit_u32(u32) visit_u64(u64) visit_u128(u128) visit_f32(f32) visit_f64(f64)
            visit_char(char) visit_str(&str) visit_borrowed_str(&'de str) visit_string(String) visit_bytes(&[u8])
            visit_borrowed_bytes(&'de [u8]) visit_byte_buf(Vec<u8>)
        }

        fn visit_none<E: Error>(self) -> Result<V::Value, E> {
            self.inner.visit_none()
        }

        fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
            self.inner.visit_unit()
        }

        fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
            self.inner.visit_some(Reader::new(value, self.place))
        }

        fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
            self.inner.visit_newtype_struct(Reader::new(value, self.place))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
            self.inner.visit_seq(Reader::new(elements, self.place))
        }

        fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
            self.inner.visit_enum(Reader::new(variant, self.place))
        }
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Reader<'_, V> {
    visits!();

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Reader::new(entries, self.place))
    }
}

/// A visitor that has not said which kind of value it wants, so it may be given a number as a map.
struct Any<'a, V> {
    inner: V,
    place: &'a Place,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Any<'_, V> {
    visits!();

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<V::Value, A::Error> {
        let first = if *ARBITRARY_PRECISION { entries.next_key_seed(Key)? } else { None };
        if first.as_deref() == Some(MAGIC) {
            let text: String = entries.next_value()?;
            return match Number::exactly(&text) {
                Some(Number::Unsigned(number)) => self.inner.visit_u64(number),
                Some(Number::Signed(number)) => self.inner.visit_i64(number),
                Some(Number::Float(number)) => self.inner.visit_f64(number),
                None => self.inner.visit_map(MapDeserializer::new(iter::once((MAGIC, text)))),
            };
        }
        let count = usize::from(first.is_some());
        self.inner.visit_map(Replayed { first, entries: Reader { inner: entries, place: self.place, count } })
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Reader<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Reader::new(value, self.place))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Reader<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let number = self.count;
        self.count += 1;
        self.inner.next_element_seed(Reader::new(seed, self.place)).map_err(|error| self.place.passed(number, error))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Reader<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let number = self.count;
        self.count += 1;
        // A key is text, with nothing inside.
        match self.inner.next_key_seed(seed) {
            Ok(key) => Ok(key),
            Err(error) => Err(self.place.passed(number, error)),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let number = self.count.saturating_sub(1);
        self.inner.next_value_seed(Reader::new(seed, self.place)).map_err(|error| self.place.passed(number, error))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// The content of a variant stands under its name, as the only entry.
const CONTENT: usize = 0;

impl<'a, 'de, A: EnumAccess<'de>> EnumAccess<'de> for Reader<'a, A> {
    type Error = A::Error;
    type Variant = Reader<'a, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (name, content) = self.inner.variant_seed(seed)?;
        Ok((name, Reader::new(content, self.place)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Reader<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant().map_err(|error| self.place.passed(CONTENT, error))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.inner
            .newtype_variant_seed(Reader::new(seed, self.place))
            .map_err(|error| self.place.passed(CONTENT, error))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.inner
            .tuple_variant(len, Reader::new(visitor, self.place))
            .map_err(|error| self.place.passed(CONTENT, error))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.inner
            .struct_variant(fields, Reader::new(visitor, self.place))
            .map_err(|error| self.place.passed(CONTENT, error))
    }
}
