//! Arrays and objects on their way out.

use std::{cell::RefCell, collections::HashSet};

use serde::{
    Serialize,
    ser::{
        SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
        SerializeTupleVariant,
    },
};

use super::{Origin, Refusal, Role, Trail, Watched, is_private};

/// An array or object of which some elements are written.
pub(super) struct Compound<'a, C> {
    inner: C,
    trail: &'a Trail,
    levels: usize,
    next: usize,
    keys: RefCell<Keys>,
    variant: Option<&'static str>,
    /// The key whose value comes next, where the two are written apart.
    pending: Option<String>,
}

impl<'a, C> Compound<'a, C> {
    pub(super) fn new(inner: C, trail: &'a Trail, levels: usize, keys: Keys, variant: Option<&'static str>) -> Self {
        Self { inner, trail, levels, next: 0, keys: RefCell::new(keys), variant, pending: None }
    }

    /// An error passes: notes the step to the element, and that to the variant it is in.
    fn note(&self, element: impl FnOnce(&Trail)) {
        element(self.trail);
        if let Some(variant) = self.variant {
            self.trail.key(variant);
        }
    }

    fn element<T: Serialize + ?Sized, E>(
        &mut self,
        value: &T,
        write: impl FnOnce(&mut C, &Watched<'_, T>) -> Result<(), E>,
    ) -> Result<(), E> {
        let watched = Watched { value, trail: self.trail, role: Role::Value };
        write(&mut self.inner, &watched).inspect_err(|_| self.note(|trail| trail.index(self.next)))?;
        self.next += 1;
        Ok(())
    }

    fn field<T: Serialize + ?Sized, E: serde::ser::Error>(
        &mut self,
        key: &'static str,
        value: &T,
        write: impl FnOnce(&mut C, &Watched<'_, T>) -> Result<(), E>,
    ) -> Result<(), E> {
        let raw = matches!(*self.keys.borrow(), Keys::Raw);
        let role = if raw { Role::Raw } else { Role::Value };
        let written = if is_private(key) && matches!(*self.keys.borrow(), Keys::First(_)) {
            Err(self.trail.refuse(Refusal::PrivateKey))
        } else if !self.keys.borrow_mut().is_new_field(key) {
            Err(self.trail.refuse(Refusal::DuplicateKey))
        } else if key.as_bytes().contains(&0) {
            Err(self.trail.refuse(Refusal::Nul))
        } else {
            write(&mut self.inner, &Watched { value, trail: self.trail, role })
        };
        written.inspect_err(|_| {
            if !raw {
                self.note(|trail| trail.key(key));
            }
        })
    }

    fn end<T, E>(self, end: impl FnOnce(C) -> Result<T, E>) -> Result<T, E> {
        self.trail.leave(self.levels);
        end(self.inner)
    }
}

/// The keys of an object so far: a key that is written twice is read as an error, or as either of the two.
///
/// Only serde's own additions can repeat a key. What has flattened fields says no length, and any key may come twice;
/// elsewhere only the tag of an enum, which comes first.
pub(super) enum Keys {
    None,
    Raw,
    First(Option<&'static str>),
    FirstOfMap(Option<String>),
    All(HashSet<String>),
}

impl Keys {
    pub(super) fn of_map(len: Option<usize>) -> Self {
        match len {
            Some(_) => Self::FirstOfMap(None),
            None => Self::All(HashSet::new()),
        }
    }

    pub(super) fn is_new(&mut self, key: &str) -> bool {
        match self {
            Self::FirstOfMap(Some(first)) => first != key,
            Self::FirstOfMap(first) => {
                *first = Some(key.to_owned());
                true
            }
            Self::All(keys) => keys.insert(key.to_owned()),
            Self::None | Self::Raw | Self::First(_) => true,
        }
    }

    fn is_new_field(&mut self, key: &'static str) -> bool {
        match self {
            Self::First(Some(first)) => *first != key,
            Self::First(first) => {
                *first = Some(key);
                true
            }
            _ => true,
        }
    }
}

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
        let watched = Watched { value: key, trail: self.trail, role: Role::Key(&self.keys, Origin::of::<K>()) };
        self.inner.serialize_key(&watched).inspect_err(|_| self.trail.key(text.as_str()))?;
        self.pending = Some(text);
        Ok(())
    }

    fn serialize_value<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), C::Error> {
        let key = self.pending.take().unwrap_or_default();
        let watched = Watched { value, trail: self.trail, role: Role::Value };
        self.inner.serialize_value(&watched).inspect_err(|_| self.trail.key(key))
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), C::Error> {
        let written = {
            let name = Watched { value: key, trail: self.trail, role: Role::Key(&self.keys, Origin::of::<K>()) };
            let value = Watched { value, trail: self.trail, role: Role::Value };
            self.inner.serialize_entry(&name, &value)
        };
        written.inspect_err(|_| self.trail.key(text_of(key)))
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
