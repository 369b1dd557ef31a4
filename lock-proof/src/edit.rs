//! What people do to types, as random edits. Each has a name; it is the kind under which exceptions are listed.

mod enums;
mod fields;
mod types;

use crate::{
    model::{Enum, Field, Ty},
    random::Random,
    valid::is_valid,
};

/// One kind of edit: its name, and what it does somewhere in a type, if it can.
pub(crate) type Edit = (&'static str, fn(&mut Ty, &mut Random) -> bool);

/// How often an edit is tried on a type before it is given up.
const TRIES: usize = 100;

/// Edits a type so many times, with the edits whose names begin with `only`; what was done, by name. Fewer, when the type
/// does not take them.
pub(crate) fn edit(ty: &mut Ty, times: usize, only: &str, random: &mut Random) -> Vec<&'static str> {
    let mut all = [fields::EDITS, types::EDITS, enums::EDITS].concat();
    all.retain(|(name, _)| name.starts_with(only));
    assert!(!all.is_empty(), "no edit begins with {only:?}");
    let mut done = Vec::new();
    for _ in 0..TRIES {
        if done.len() == times {
            break;
        }
        let (name, apply) = random.pick(&all);
        let mut edited = ty.clone();
        if apply(&mut edited, random) && edited != *ty && is_valid(&edited) {
            *ty = edited;
            done.push(name);
        }
    }
    done
}

/// Changes the first type that `change` takes, from a random one on.
fn at_type(ty: &mut Ty, random: &mut Random, change: impl Fn(&mut Ty, &mut Random) -> bool) -> bool {
    at(random, |visit| ty.each(&mut |ty| visit(&mut |random| change(ty, random))))
}

fn at_fields(ty: &mut Ty, random: &mut Random, change: impl Fn(&mut Vec<Field>, &mut Random) -> bool) -> bool {
    at(random, |visit| ty.each_fields(&mut |fields| visit(&mut |random| change(fields, random))))
}

fn at_field(ty: &mut Ty, random: &mut Random, change: impl Fn(&mut Field, &mut Random) -> bool) -> bool {
    at(random, |visit| {
        ty.each_fields(&mut |fields| {
            for field in fields {
                visit(&mut |random| change(field, random));
            }
        });
    })
}

fn at_enum(ty: &mut Ty, random: &mut Random, change: impl Fn(&mut Enum, &mut Random) -> bool) -> bool {
    at(random, |visit| ty.each_enum(&mut |choice| visit(&mut |random| change(choice, random))))
}

/// A change in one place, which says whether it took place.
type Change<'a> = &'a mut dyn FnMut(&mut Random) -> bool;

/// Tries a change in every place from a random one on, until it has been made.
fn at(random: &mut Random, mut each: impl FnMut(&mut dyn FnMut(Change<'_>))) -> bool {
    let mut count = 0;
    each(&mut |_| count += 1);
    if count == 0 {
        return false;
    }
    let start = random.below(count);
    let mut done = false;
    for round in 0..2 {
        let mut place = 0;
        each(&mut |change| {
            if !done && (place >= start) == (round == 0) {
                done = change(random);
            }
            place += 1;
        });
    }
    done
}
