//! One shape for some types.

/// States one shape for some types, which are map keys as well where it says so.
macro_rules! shapes {
    ($($ty:ty => $shape:expr $(, $key:ident)?;)+) => {
        $(
            impl $crate::schema::shape::Schema for $ty {
                const SHAPE: $crate::schema::shape::Shape = $shape;
            }
            $(
                    impl $crate::schema::shape::$key for $ty {}
            )?
        )+
    };
}
pub(super) use shapes;
