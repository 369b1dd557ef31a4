//! One shape for some types.

/// States one shape for some types, which are map keys as well where it says so, and not all of whose values are written as
/// they are where it names a check of them.
macro_rules! shapes {
    ($($ty:ty => $shape:expr $(, $key:ident)? $(, unless $check:path)?;)+) => {
        $(
            impl $crate::schema::shape::Schema for $ty {
                const SHAPE: $crate::schema::shape::Shape = $shape;
                $crate::schema::impls::shapes::exact!($($check)?);
            }
            $(
                    impl $crate::schema::shape::$key for $ty {}
            )?
        )+
    };
}

macro_rules! exact {
    () => {
        const EXACT: bool = true;
    };
    ($check:path) => {
        fn check_value(&self, check: &mut $crate::schema::ValueCheck) {
            if let Some(reason) = $check(self) {
                check.refuse(reason);
            }
        }
    };
}
pub(super) use {exact, shapes};
