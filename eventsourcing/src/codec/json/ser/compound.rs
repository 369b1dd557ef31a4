//! Arrays and objects on their way out.
//!
//! [`Fields`] holds nothing that is to be dropped: it is in the code of each struct and each event, where every `?` would
//! have to drop it.

use std::cell::RefCell;

use serde::{
    Serialize,
    ser::{
        Error, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
        SerializeTupleStruct, SerializeTupleVariant,
    },
};

use super::{
    parts::{Keys, Observed, Origin, Role, is_private},
    tracker::{PathTracker, Refusal},
};

/// An array of which some elements are written.
pub(super) struct Elements<'a, C> {
    inner: C,
    tracker: &'a PathTracker,
    next: usize,
    variant: Option<&'static str>,
}

impl<'a, C> Elements<'a, C> {
    pub(super) fn new(inner: C, tracker: &'a PathTracker, variant: Option<&'static str>) -> Self {
        Self { inner, tracker, next: 0, variant }
    }

    fn element<T: Serialize + ?Sized, E>(
        &mut self,
        value: &T,
        write: impl FnOnce(&mut C, &Observed<'_, T>) -> Result<(), E>,
    ) -> Result<(), E> {
        let observed = Observed { value, tracker: self.tracker, role: Role::Value };
        if let Err(error) = write(&mut self.inner, &observed) {
            self.tracker.index(self.next);
            self.tracker.variant(self.variant);
            return Err(error);
        }
        self.next += 1;
        Ok(())
    }
}

macro_rules! elements {
    ($($compound:ident::$method:ident)+) => {
        $(
            impl<C: $compound> $compound for Elements<'_, C> {
                type Ok = C::Ok;
                type Error = C::Error;

                fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), C::Error> {
                    self.element(value, |inner, value| inner.$method(value))
                }

                fn end(self) -> Result<C::Ok, C::Error> {
                    self.tracker.leave(levels(self.variant));
                    self.inner.end()
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

/// A struct of which some fields are written.
pub(super) struct Fields<'a, C> {
    inner: C,
    tracker: &'a PathTracker,
    form: Form,
    variant: Option<&'static str>,
}

/// What the struct is written as.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// An object, and its first key: that is the tag of an enum, or else no key can be repeated.
    Object(Option<&'static str>),
    /// A number, whose text stands under a key of `serde_json`'s own.
    Number,
    /// JSON text as it is, which stands under such a key too.
    Raw,
}

impl Form {
    /// How many levels of objects it opens.
    pub(super) const fn levels(self, variant: Option<&'static str>) -> usize {
        match self {
            Self::Object(_) => levels(variant),
            Self::Number | Self::Raw => 0,
        }
    }
}

impl<'a, C> Fields<'a, C> {
    pub(super) fn new(inner: C, tracker: &'a PathTracker, form: Form, variant: Option<&'static str>) -> Self {
        Self { inner, tracker, form, variant }
    }

    /// Why the field must not have this key.
    fn refusal(&mut self, key: &'static str) -> Option<Refusal> {
        if let Form::Object(first) = &mut self.form {
            if is_private(key) {
                return Some(Refusal::PrivateKey);
            }
            if first.is_some_and(|first| first == key) {
                return Some(Refusal::DuplicateKey);
            }
            first.get_or_insert(key);
        }
        key.as_bytes().contains(&0).then_some(Refusal::Nul)
    }

    fn field<T: Serialize + ?Sized, E: Error>(
        &mut self,
        key: &'static str,
        value: &T,
        write: impl FnOnce(&mut C, &Observed<'_, T>) -> Result<(), E>,
    ) -> Result<(), E> {
        let raw = matches!(self.form, Form::Raw);
        let role = if raw { Role::Raw } else { Role::Value };
        let written = match self.refusal(key) {
            Some(refusal) => Err(self.tracker.refuse(refusal)),
            None => write(&mut self.inner, &Observed { value, tracker: self.tracker, role }),
        };
        if written.is_err() && !raw {
            self.tracker.key(key);
            self.tracker.variant(self.variant);
        }
        written
    }

    fn leave(&self) {
        self.tracker.leave(self.form.levels(self.variant));
    }
}

macro_rules! fields {
    ($($compound:ident)+) => {
        $(
            impl<C: $compound> $compound for Fields<'_, C> {
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
                    self.leave();
                    self.inner.end()
                }
            }
        )+
    };
}

fields!(SerializeStruct SerializeStructVariant);

/// A map of which some entries are written.
pub(super) struct Entries<'a, C> {
    inner: C,
    tracker: &'a PathTracker,
    keys: RefCell<Keys>,
    /// The key whose value comes next, where the two are written apart.
    pending: Option<String>,
}

impl<'a, C> Entries<'a, C> {
    pub(super) fn new(inner: C, tracker: &'a PathTracker, keys: Keys) -> Self {
        Self { inner, tracker, keys: RefCell::new(keys), pending: None }
    }
}

impl<C: SerializeMap> SerializeMap for Entries<'_, C> {
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
        self.tracker.leave(1);
        self.inner.end()
    }
}

/// How many levels of arrays and objects a value opens: a variant stands in an object of its own.
pub(super) const fn levels(variant: Option<&'static str>) -> usize {
    if variant.is_some() { 2 } else { 1 }
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
