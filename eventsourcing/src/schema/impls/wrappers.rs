//! Types that serde writes as what they hold.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    cmp::Reverse,
    marker::PhantomData,
    num::{Saturating, Wrapping},
    rc::Rc,
    sync::{Arc, Mutex, RwLock},
};

use crate::schema::{
    hash,
    shape::{MapKey, Schema, Shape},
    value_check::ValueCheck,
};

/// serde reads an absent field as `None`, and so whatever is read as an `Option`.
impl<T: Schema> Schema for Option<T> {
    const SHAPE: Shape = Shape::Option(&T::SHAPE);
    const FINGERPRINT: u64 = hash::node("option", T::FINGERPRINT);
    const EXACT: bool = T::EXACT;

    fn check_value(&self, check: &mut ValueCheck) {
        if let Some(value) = self {
            value.check_value(check);
        }
    }
}

/// Gives wrappers the schema of what they hold: each with a further bound on it, and how to look at it.
macro_rules! same {
    ($($wrapper:ident [$($bound:tt)*], |$wrapped:ident, $check:ident| $look:expr;)+) => {
        $(
            impl<T: Schema + $($bound)*> Schema for $wrapper<T> {
                const SHAPE: Shape = T::SHAPE;
                const OPTIONAL: bool = T::OPTIONAL;
                const FINGERPRINT: u64 = T::FINGERPRINT;
                const EXACT: bool = T::EXACT;

                fn check_value(&self, $check: &mut ValueCheck) {
                    let $wrapped = self;
                    $look;
                }
            }
        )+
    };
}

same! {
    Box[?Sized], |held, check| T::check_value(held, check);
    // serde writes and reads `Rc` and `Arc` with its own feature `rc` only; its absence is reported by serde.
    Rc[?Sized], |held, check| T::check_value(held, check);
    Arc[?Sized], |held, check| T::check_value(held, check);
    // What is lent out or poisoned is refused by serde.
    Cell[Copy], |held, check| held.get().check_value(check);
    RefCell[?Sized], |held, check| if let Ok(value) = held.try_borrow() { value.check_value(check) };
    Mutex[?Sized], |held, check| if let Ok(value) = held.lock() { value.check_value(check) };
    RwLock[?Sized], |held, check| if let Ok(value) = held.read() { value.check_value(check) };
    Reverse[], |held, check| held.0.check_value(check);
    Wrapping[], |held, check| held.0.check_value(check);
    // serde reads a `Saturating` from numbers beyond its limits too, but never writes one.
    Saturating[], |held, check| held.0.check_value(check);
}

macro_rules! keys {
    ($($wrapper:ident [$($bound:tt)*])+) => {
        $(
            impl<T: MapKey + $($bound)*> MapKey for $wrapper<T> {}
        )+
    };
}

keys!(Box[?Sized] Rc[?Sized] Arc[?Sized] Reverse[]);

impl<T: Schema + ToOwned + ?Sized> Schema for Cow<'_, T> {
    const SHAPE: Shape = T::SHAPE;
    const OPTIONAL: bool = T::OPTIONAL;
    const FINGERPRINT: u64 = T::FINGERPRINT;
    const EXACT: bool = T::EXACT;

    fn check_value(&self, check: &mut ValueCheck) {
        T::check_value(self, check);
    }
}

impl<T: MapKey + ToOwned + ?Sized> MapKey for Cow<'_, T> {}

impl<T: ?Sized> Schema for PhantomData<T> {
    const SHAPE: Shape = Shape::Null;
    const EXACT: bool = true;
}
