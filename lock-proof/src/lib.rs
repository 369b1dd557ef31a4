//! Random types and edits of them, as source: what the rules of compatibility are proven over.

mod edit;
mod foreign;
mod judge;
mod make;
mod model;
mod random;
mod shape;
mod valid;
mod write;

pub use judge::{Judged, judge};

use std::fmt::Write;

use eventsourcing::{
    __private::{OldType, differences, old_type},
    Event, Schema,
    schema::Shape,
};
use model::Ty;
use random::Random;

/// A program of so many pairs of types: one as it was stored, and one that was edited since. It prints what the rules
/// and the codec say of each pair, see [`report`]. The edits are those whose names begin with `only`.
#[must_use]
pub fn program(seed: u64, pairs: usize, only: &str) -> String {
    let mut random = Random::new(seed);
    let (mut modules, mut calls) = (String::new(), String::new());
    for number in 0..pairs {
        // Mostly one edit; none now and then, and sometimes several.
        let times = [1, 1, 1, 1, 1, 1, 0, 2, 2, 3][number % 10];
        let (old, new, edits) = pair(times, only, &mut random);
        let name = format!("pair{number}");
        let both = write::modules(&name, &old, &new);
        // Writing to a `String` cannot fail.
        _ = write!(modules, "mod {name} {{\n{both}}}\n\n");
        _ = writeln!(calls, "    report({name:?}, {edits:?}, &judge::<{name}::old::Stored, {name}::new::Stored>());");
    }
    format!("{HEAD}fn main() {{\n{calls}}}\n\n{modules}")
}

/// A type that takes so many edits, the edited one, and the edits by name.
fn pair(times: usize, only: &str, random: &mut Random) -> (Ty, Ty, String) {
    loop {
        let old = make::payload(random);
        let mut new = old.clone();
        let edits = edit::edit(&mut new, times, only, random);
        if edits.len() == times {
            return (old, new, edits.join(", "));
        }
    }
}

/// A program of so many pairs of types, which prints the type that each of the edits leaves behind, see
/// [`report_old_type`].
#[must_use]
pub fn program_of_edits(seed: u64, pairs: usize) -> String {
    let mut random = Random::new(seed);
    let (mut modules, mut calls) = (String::new(), String::new());
    for number in 0..pairs {
        let (old, new) = edited(&mut random);
        let name = format!("pair{number}");
        let (old, new) = (write::module("old", &name, &old), write::module("new", &name, &new));
        // Writing to a `String` cannot fail.
        _ = write!(modules, "mod {name} {{\n{old}{new}}}\n\n");
        _ = writeln!(calls, "    lock_proof::report_old_type::<{name}::old::Stored, {name}::new::Stored>();");
    }
    format!("{HEAD}fn main() {{\n{calls}}}\n\n{modules}")
}

/// The same types, with the one that each edit left behind pasted beside today's. It prints what is not as it was.
#[must_use]
pub fn program_of_old_types(seed: u64, old_types: &[String]) -> String {
    let mut random = Random::new(seed);
    let (mut modules, mut calls) = (String::new(), String::new());
    for (number, pasted) in old_types.iter().enumerate() {
        let (old, new) = edited(&mut random);
        let name = format!("pair{number}");
        let (old, new) = (write::module("old", &name, &old), write::module("new", &name, &new));
        let new = new.trim_end().strip_suffix('}').unwrap_or_default();
        let report = "    pub fn report(name: &str) {\n        lock_proof::report_pasted::<super::old::Stored, StoredV1>(name);\n    }\n";
        _ = write!(modules, "mod {name} {{\n{old}{new}\n{pasted}\n{report}}}\n}}\n\n");
        _ = writeln!(calls, "    {name}::new::report({name:?});");
    }
    format!("{HEAD}fn main() {{\n{calls}}}\n\n{modules}")
}

/// A type, and what became of it in one edit or two.
fn edited(random: &mut Random) -> (Ty, Ty) {
    let times = 1 + random.below(2);
    let (old, new, _) = pair(times, "", random);
    (old, new)
}

/// Prints the type that a change leaves behind, as a line of JSON.
pub fn report_old_type<Old: Event, New: Event>() {
    let (old, new) = (&Old::TYPES.own[0].shape, &New::TYPES.own[0].shape);
    let into = OldType { name: "StoredV1", into: "T0", variant: "", hidden: &[] };
    println!("{}", serde_json::json!(old_type(&into, new, old)));
}

/// Prints the name of a pair whose pasted type is not what was stored.
pub fn report_pasted<Old: Event, Pasted: Schema>(name: &str) {
    let old = &Old::TYPES.own[0].shape;
    if Pasted::SHAPE.fingerprint() != old.fingerprint() {
        println!("{name}: {}\nlocked {old:?}\npasted {:?}", differences(&Pasted::SHAPE, old), Pasted::SHAPE);
    }
}

/// A shape, and what became of it in so many edits, the oldest first, each with the edit that made it.
#[must_use]
pub fn history(seed: u64, edits: usize) -> Vec<(Shape, &'static str)> {
    let mut random = Random::new(seed);
    let mut ty = make::payload(&mut random);
    let mut versions = vec![(shape::shape(&ty), "made")];
    for _ in 0..edits {
        let done = edit::edit(&mut ty, 1, "", &mut random);
        versions.push((shape::shape(&ty), done.first().copied().unwrap_or("nothing")));
    }
    versions
}

const HEAD: &str = r#"//! Generated.
#![allow(dead_code, unreachable_code, unused_imports, unused_variables)]

use lock_proof::{judge, report};

mod prelude {
    pub use std::{
        collections::{BTreeMap, BTreeSet, BinaryHeap},
        net::{IpAddr, Ipv4Addr, Ipv6Addr},
        num::NonZero,
        ops::{Range, RangeInclusive},
        time::Duration,
    };

    pub use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};

    pub use eventsourcing::{Event, Schema};
    pub use indexmap::{IndexMap, IndexSet};
    pub use jiff::{Timestamp, civil};
    pub use serde::{Deserialize, Serialize};
    pub use serde_json::Value;
    pub use uuid::Uuid;

    /// Defaults that are not those of their types.
    pub mod given {
        pub fn flag() -> bool {
            true
        }

        pub fn number<T: From<bool> + std::ops::Add<Output = T>>() -> T {
            T::from(true) + T::from(true)
        }

        pub fn fraction<T: From<i8>>() -> T {
            T::from(2)
        }

        pub fn text<T: From<&'static str>>() -> T {
            T::from("given")
        }
    }
}

"#;

/// Prints what came of a pair, on one line: its name, its edits, whether it is called readable, how many payloads there
/// are, the complaints about the old and the new type, and what is found breaking; all as JSON.
pub fn report(name: &str, edits: &str, judged: &Judged) {
    let Judged { verdict, differences, payloads, old, new } = judged;
    println!("{}", serde_json::json!([name, edits, format!("{verdict:?}"), payloads, old, new, differences]));
}
