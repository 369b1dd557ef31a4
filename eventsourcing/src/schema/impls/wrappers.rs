//! Types that serde writes as what they hold.

use std::{borrow::Cow, cmp::Reverse, marker::PhantomData, rc::Rc, sync::Arc};

use crate::schema::{MapKey, Schema, Shape, Tagging, Variant, mix};

/// serde reads an absent field as `None`, and so whatever is read as an `Option`.
impl<T: Schema> Schema for Option<T> {
    const SHAPE: Shape = Shape::Option(&T::SHAPE);
    const FINGERPRINT: u64 = mix::node("option", T::FINGERPRINT);
}

macro_rules! same {
    ($($wrapper:ident)+) => {
        $(
            impl<T: Schema + ?Sized> Schema for $wrapper<T> {
                const SHAPE: Shape = T::SHAPE;
                const OPTIONAL: bool = T::OPTIONAL;
                const FINGERPRINT: u64 = T::FINGERPRINT;
            }

            impl<T: MapKey + ?Sized> MapKey for $wrapper<T> {}
        )+
    };
}

// serde writes and reads `Rc` and `Arc` with its own feature `rc` only; its absence is reported by serde.
same!(Box Rc Arc);

impl<T: Schema> Schema for Reverse<T> {
    const SHAPE: Shape = T::SHAPE;
    const OPTIONAL: bool = T::OPTIONAL;
    const FINGERPRINT: u64 = T::FINGERPRINT;
}

impl<T: MapKey> MapKey for Reverse<T> {}

impl<T: Schema + ToOwned + ?Sized> Schema for Cow<'_, T> {
    const SHAPE: Shape = T::SHAPE;
    const OPTIONAL: bool = T::OPTIONAL;
    const FINGERPRINT: u64 = T::FINGERPRINT;
}

impl<T: MapKey + ToOwned + ?Sized> MapKey for Cow<'_, T> {}

impl<T: ?Sized> Schema for PhantomData<T> {
    const SHAPE: Shape = Shape::Null;
}

impl<T: Schema, E: Schema> Schema for Result<T, E> {
    const SHAPE: Shape = Shape::Enum {
        tagging: Tagging::External,
        variants: &[
            Variant { name: "Ok", aliases: &[], shape: T::SHAPE, other: false },
            Variant { name: "Err", aliases: &[], shape: E::SHAPE, other: false },
        ],
    };
}
