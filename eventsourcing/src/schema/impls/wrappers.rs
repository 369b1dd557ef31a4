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
};

/// serde reads an absent field as `None`, and so whatever is read as an `Option`.
impl<T: Schema> Schema for Option<T> {
    const SHAPE: Shape = Shape::Option(&T::SHAPE);
    const FINGERPRINT: u64 = hash::node("option", T::FINGERPRINT);
}

macro_rules! same {
    ($($wrapper:ident $(: $key:ident)?),+) => {
        $(
            impl<T: Schema + ?Sized> Schema for $wrapper<T> {
                const SHAPE: Shape = T::SHAPE;
                const OPTIONAL: bool = T::OPTIONAL;
                const FINGERPRINT: u64 = T::FINGERPRINT;
            }

            $(
                impl<T: $key + ?Sized> $key for $wrapper<T> {}
            )?
        )+
    };
}

// serde writes and reads `Rc` and `Arc` with its own feature `rc` only; its absence is reported by serde.
same!(Box: MapKey, Rc: MapKey, Arc: MapKey, Cell, RefCell, Mutex, RwLock);

macro_rules! same_of_sized {
    ($($wrapper:ident $(: $key:ident)?),+) => {
        $(
            impl<T: Schema> Schema for $wrapper<T> {
                const SHAPE: Shape = T::SHAPE;
                const OPTIONAL: bool = T::OPTIONAL;
                const FINGERPRINT: u64 = T::FINGERPRINT;
            }

            $(
                impl<T: $key> $key for $wrapper<T> {}
            )?
        )+
    };
}

// serde reads a `Saturating` from numbers beyond its limits too, but never writes one.
same_of_sized!(Reverse: MapKey, Wrapping, Saturating);

impl<T: Schema + ToOwned + ?Sized> Schema for Cow<'_, T> {
    const SHAPE: Shape = T::SHAPE;
    const OPTIONAL: bool = T::OPTIONAL;
    const FINGERPRINT: u64 = T::FINGERPRINT;
}

impl<T: MapKey + ToOwned + ?Sized> MapKey for Cow<'_, T> {}

impl<T: ?Sized> Schema for PhantomData<T> {
    const SHAPE: Shape = Shape::Null;
}
