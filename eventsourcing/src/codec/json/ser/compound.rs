//! Arrays and objects on their way out.

use serde::{
    Serialize,
    ser::{
        SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
        SerializeTupleVariant,
    },
};

use super::parts::{Compound, Observed, Origin, Role};

macro_rules! elements {
    ($($compound:ident::$method:ident)+) => {
        $(
            impl<C: $compound> $compound for Compound<'_, C> {
                type Ok = C::Ok;
                type Error = C::Error;

                fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), C::Error> {
                    self.element(value, |inner, value| inner.$method(value))
                }

                fn end(self) -> Result<C::Ok, C::Error> {
                    self.end(C::end)
                }
            }
        )+
    };
}

elements! {
    SerializeSeq::serialize_element
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
    SerializeTupleVariant::serialize_field
}

macro_rules! fields {
    ($($compound:ident)+) => {
        $(
            impl<C: $compound> $compound for Compound<'_, C> {
                type Ok = C::Ok;
                type Error = C::Error;

                fn serialize_field<T: Serialize + ?Sized>(
                    &mut self,
                    key: &'static str,
                    value: &T,
                ) -> Result<(), C::Error> {
                    self.field(key, value, |inner, value| inner.serialize_field(key, value))
                }

                fn skip_field(&mut self, key: &'static str) -> Result<(), C::Error> {
                    self.inner.skip_field(key)
                }

                fn end(self) -> Result<C::Ok, C::Error> {
                    self.end(C::end)
                }
            }
        )+
    };
}

fields!(SerializeStruct SerializeStructVariant);

impl<C: SerializeMap> SerializeMap for Compound<'_, C> {
    type Ok = C::Ok;
    type Error = C::Error;

    fn serialize_key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), C::Error> {
        let text = text_of(key);
        let observed = Observed { value: key, tracker: self.tracker, role: Role::Key(&self.keys, Origin::of::<K>()) };
        self.inner.serialize_key(&observed).inspect_err(|_| self.tracker.key(text.as_str()))?;
        self.pending = Some(text);
        Ok(())
    }

    fn serialize_value<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), C::Error> {
        let key = self.pending.take().unwrap_or_default();
        let observed = Observed { value, tracker: self.tracker, role: Role::Value };
        self.inner.serialize_value(&observed).inspect_err(|_| self.tracker.key(key))
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), C::Error> {
        let written = {
            let name = Observed { value: key, tracker: self.tracker, role: Role::Key(&self.keys, Origin::of::<K>()) };
            let value = Observed { value, tracker: self.tracker, role: Role::Value };
            self.inner.serialize_entry(&name, &value)
        };
        written.inspect_err(|_| self.tracker.key(text_of(key)))
    }

    fn end(self) -> Result<C::Ok, C::Error> {
        self.end(C::end)
    }
}

/// A key as it is written; a key that cannot be is `?`.
fn text_of<K: Serialize + ?Sized>(key: &K) -> String {
    serde_json::to_value(OneEntry(key))
        .ok()
        .and_then(|object| object.as_object().and_then(|entries| entries.keys().next().cloned()))
        .unwrap_or_else(|| "?".to_owned())
}

struct OneEntry<'a, K: ?Sized>(&'a K);

impl<K: Serialize + ?Sized> Serialize for OneEntry<'_, K> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = serializer.serialize_map(Some(1))?;
        entries.serialize_entry(self.0, &())?;
        entries.end()
    }
}
