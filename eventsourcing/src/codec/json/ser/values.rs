//! Values on their way out.

use std::{cell::Cell, fmt};

use serde::{Serialize, Serializer};

use super::{
    compound::{Elements, Entries, Fields, Form, levels},
    parts::{Checked, Keys, NUMBER, Observed, Origin, RAW, Role, is_private},
    tracker::Refusal,
};

impl<T: Serialize + ?Sized> Serialize for Observed<'_, T> {
    fn serialize<S: Serializer>(&self, inner: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Checked { inner, tracker: self.tracker, role: self.role })
    }
}

impl<'a, S: Serializer> Checked<'a, S> {
    fn check(&self, text: &str) -> Result<(), S::Error> {
        let nul = match self.role {
            Role::Value | Role::Key(..) => text.as_bytes().contains(&0),
            Role::Raw => has_escaped_nul(text),
        };
        if nul {
            return Err(self.tracker.refuse(Refusal::Nul));
        }
        let Role::Key(keys, origin) = self.role else { return Ok(()) };
        if is_private(text) {
            return Err(self.tracker.refuse(Refusal::PrivateKey));
        }
        if !keys.borrow_mut().is_new(text) {
            return Err(self.tracker.refuse(Refusal::DuplicateKey));
        }
        match (&*keys.borrow(), origin) {
            (Keys::All(_), Origin::Value) => self.tracker.merged(text),
            _ => Ok(()),
        }
    }

    /// An array, one level deeper.
    fn elements<C>(
        self,
        variant: Option<&'static str>,
        open: impl FnOnce(S) -> Result<C, S::Error>,
    ) -> Result<Elements<'a, C>, S::Error> {
        self.tracker.enter(levels(variant))?;
        Ok(Elements::new(open(self.inner)?, self.tracker, variant))
    }

    /// An object with fields, one level deeper.
    fn fields<C>(
        self,
        form: Form,
        variant: Option<&'static str>,
        open: impl FnOnce(S) -> Result<C, S::Error>,
    ) -> Result<Fields<'a, C>, S::Error> {
        self.tracker.enter(form.levels(variant))?;
        Ok(Fields::new(open(self.inner)?, self.tracker, form, variant))
    }
}

macro_rules! pass {
    ($($method:ident($ty:ty))+) => {
        $(
            fn $method(self, value: $ty) -> Result<S::Ok, S::Error> {
                self.inner.$method(value)
            }
        )+
    };
}

impl<'a, S: Serializer> Serializer for Checked<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Elements<'a, S::SerializeSeq>;
    type SerializeTuple = Elements<'a, S::SerializeTuple>;
    type SerializeTupleStruct = Elements<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Elements<'a, S::SerializeTupleVariant>;
    type SerializeMap = Entries<'a, S::SerializeMap>;
    type SerializeStruct = Fields<'a, S::SerializeStruct>;
    type SerializeStructVariant = Fields<'a, S::SerializeStructVariant>;

    pass! {
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_i128(i128) serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_u128(u128) serialize_bytes(&[u8])
    }

    fn serialize_f32(self, value: f32) -> Result<S::Ok, S::Error> {
        if value.is_finite() {
            self.inner.serialize_f32(value)
        } else {
            Err(self.tracker.refuse(Refusal::NonFinite(value.into())))
        }
    }

    fn serialize_f64(self, value: f64) -> Result<S::Ok, S::Error> {
        if value.is_finite() {
            self.inner.serialize_f64(value)
        } else {
            Err(self.tracker.refuse(Refusal::NonFinite(value)))
        }
    }

    fn serialize_char(self, value: char) -> Result<S::Ok, S::Error> {
        self.check(value.encode_utf8(&mut [0; 4]))?;
        self.inner.serialize_char(value)
    }

    fn serialize_str(self, value: &str) -> Result<S::Ok, S::Error> {
        self.check(value)?;
        self.inner.serialize_str(value)
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        if let Role::Key(..) = self.role {
            return self.serialize_str(&value.to_string());
        }
        // Written piece by piece, and looked at on the way; a formatter that fails would be a fault of its own.
        let found = Cell::new(false);
        let written = self.inner.collect_str(&Scanned { value, found: &found })?;
        if found.get() { Err(self.tracker.refuse(Refusal::Nul)) } else { Ok(written) }
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        let Self { inner, tracker, role } = self;
        inner.serialize_some(&Observed { value, tracker, role })
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit()
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_struct(name)
    }

    fn serialize_unit_variant(self, name: &'static str, index: u32, variant: &'static str) -> Result<S::Ok, S::Error> {
        self.check(variant)?;
        self.inner.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        let Self { inner, tracker, role } = self;
        inner.serialize_newtype_struct(name, &Observed { value, tracker, role })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let Self { inner, tracker, role } = self;
        tracker.enter(1)?;
        let written = inner
            .serialize_newtype_variant(name, index, variant, &Observed { value, tracker, role })
            .inspect_err(|_| tracker.key(variant))?;
        tracker.leave(1);
        Ok(written)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        self.elements(None, |inner| inner.serialize_seq(len))
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, S::Error> {
        self.elements(None, |inner| inner.serialize_tuple(len))
    }

    fn serialize_tuple_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeTupleStruct, S::Error> {
        self.elements(None, |inner| inner.serialize_tuple_struct(name, len))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        self.elements(Some(variant), |inner| inner.serialize_tuple_variant(name, index, variant, len))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        self.tracker.enter(1)?;
        Ok(Entries::new(self.inner.serialize_map(len)?, self.tracker, Keys::of_map(len)))
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        let form = match name {
            RAW => Form::Raw,
            NUMBER => Form::Number,
            _ => Form::Object(None),
        };
        self.fields(form, None, |inner| inner.serialize_struct(name, len))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        self.fields(Form::Object(None), Some(variant), |inner| {
            inner.serialize_struct_variant(name, index, variant, len)
        })
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Displays a value and notes whether its text has U+0000.
struct Scanned<'a, T: ?Sized> {
    value: &'a T,
    found: &'a Cell<bool>,
}

impl<T: fmt::Display + ?Sized> fmt::Display for Scanned<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Scan<'a, 'f>(&'a mut fmt::Formatter<'f>, &'a Cell<bool>);

        impl fmt::Write for Scan<'_, '_> {
            fn write_str(&mut self, text: &str) -> fmt::Result {
                if text.as_bytes().contains(&0) {
                    self.1.set(true);
                }
                self.0.write_str(text)
            }
        }

        fmt::write(&mut Scan(f, self.found), format_args!("{}", self.value))
    }
}

/// Whether JSON text has U+0000 in a string or key; it can stand there as an escape only.
fn has_escaped_nul(json: &str) -> bool {
    let mut rest = json;
    while let Some((_, escape)) = rest.split_once('\\') {
        if escape.starts_with("u0000") {
            return true;
        }
        // Whatever is escaped is one character, which may be another backslash.
        let mut escaped = escape.chars();
        escaped.next();
        rest = escaped.as_str();
    }
    false
}
