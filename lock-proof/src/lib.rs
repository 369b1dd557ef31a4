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

pub use judge::Type;

use std::fmt::Write;

use eventsourcing::{
    __private::{OldType, differences, old_type},
    Event, Schema,
    schema::Shape,
};
use judge::{Judged, judge};
use model::Ty;
use random::Random;
use write::Writer;

/// How many edits of its own a stored type gets. Each type is compiled once, and is stored for all of the others.
const EDITED: usize = 3;

/// A program of so many pairs of types: one as it was stored, and one that was edited since. It prints what the rules
/// and the codec say of each pair, and of the pairs that the same types make besides, see [`report`]. The edits are those
/// whose names begin with `only`.
#[must_use]
pub fn program(seed: u64, pairs: usize, only: &str) -> String {
    let mut random = Random::new(seed);
    let (mut modules, mut calls) = (String::new(), String::new());
    for first in (0..pairs).step_by(EDITED) {
        let numbers = first..pairs.min(first + EDITED);
        // Mostly one edit; none now and then, and sometimes several.
        let times: Vec<usize> = numbers.clone().map(|number| [1, 1, 1, 1, 1, 1, 0, 2, 2, 3][number % 10]).collect();
        let (old, edited) = family(&times, only, &mut random);
        let name = format!("family{first}");
        let mut writer = Writer::default();
        let mut family = writer.module("stored", &name, &old);
        let mut now = String::new();
        for (number, (edited, edits)) in numbers.zip(edited) {
            family.push_str(&writer.module(&format!("pair{number}"), &name, &edited));
            // Writing to a `String` cannot fail.
            _ = write!(now, "(\"pair{number}\", {edits:?}, Type::of::<{name}::pair{number}::Stored>()), ");
        }
        _ = write!(modules, "mod {name} {{\n{family}}}\n\n");
        _ = writeln!(calls, "    report(&Type::of::<{name}::stored::Stored>(), &[{now}]);");
    }
    format!("{HEAD}fn main() {{\n{calls}}}\n\n{modules}")
}

/// A type, and what became of it in so many edits each, with the edits by name.
fn family(times: &[usize], only: &str, random: &mut Random) -> (Ty, Vec<(Ty, String)>) {
    loop {
        let old = make::payload(random);
        let edited = times.iter().map(|times| {
            let mut new = old.clone();
            let edits = edit::edit(&mut new, *times, only, random);
            (edits.len() == *times).then(|| (new, edits.join(", ")))
        });
        if let Some(edited) = edited.collect() {
            return (old, edited);
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
    let (old, edited) = family(&[times], "", random);
    let new = edited.into_iter().next().map_or_else(|| old.clone(), |(new, _)| new);
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

use lock_proof::{Type, report};

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

/// Prints what came of each pair of a stored type and one that was edited since, and then of the other pairs among them,
/// whose edits have no name: an edit undone, and one undone for another.
pub fn report(stored: &Type, edited: &[(&str, &str, Type)]) {
    for (name, edits, now) in edited {
        line(name, Some(edits), &judge(stored, now));
    }
    for (old_name, _, old) in edited {
        line(&format!("{old_name} undone"), None, &judge(old, stored));
        for (name, _, now) in edited.iter().filter(|(name, ..)| name != old_name) {
            line(&format!("{old_name} made {name}"), None, &judge(old, now));
        }
    }
}

/// The name of a pair, its edits, whether it is called readable, how many payloads there are, the complaints about the
/// old and the new type, and what is found breaking; all as JSON.
fn line(name: &str, edits: Option<&str>, judged: &Judged) {
    let Judged { verdict, differences, payloads, old, new } = judged;
    println!("{}", serde_json::json!([name, edits, format!("{verdict:?}"), payloads, old, new, differences]));
}
