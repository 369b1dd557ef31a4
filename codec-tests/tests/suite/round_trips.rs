//! Types of every kind, there and back.

use crate::{
    harness::{Tally, check},
    types,
};

macro_rules! round_trips {
    ($($name:ident)+) => {
        $(
            #[test]
            fn $name() {
                let tally = check(types::$name());
                assert_eq!(tally.taken, 0, "{tally:?}");
                sound(&tally);
            }
        )+
    };
}

round_trips! {
    scalars optionals maps nested tree content external internal adjacent open with_rest
}

/// What is no value of one variant may be one of another.
#[test]
fn untagged() {
    sound(&check(types::untagged()));
}

/// A flattened `Option` without its field is none.
#[test]
fn flattened() {
    sound(&check(types::flattened()));
}

/// Mutants were made, and most of them are no value of the type.
fn sound(tally: &Tally) {
    assert!(tally.mutants > 100 && tally.unreadable * 10 > (tally.mutants - tally.taken) * 6, "{tally:?}");
}
