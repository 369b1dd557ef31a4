//! The type that an edit leaves behind, as it is written for the author: it compiles beside today's types, and is what is
//! locked. `SEED` makes other edits, `PAIRS` more.

use std::env;

use crate::pairs::run_program;

#[test]
fn what_is_written_compiles_and_is_what_is_locked() {
    let number = |name: &str, otherwise: usize| {
        env::var(name).map_or(otherwise, |number| number.parse().unwrap_or_else(|_| panic!("{name}: {number}")))
    };
    let (seed, count) = (number("SEED", 1), number("PAIRS", 100));
    let about = format!("SEED={seed}");
    let seed = u64::try_from(seed).expect("a seed fits");
    let written = run_program("edits", &lock_proof::program_of_edits(seed, count), &about);
    let written: Vec<String> =
        written.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
    assert_eq!(written.len(), count);
    let moved = written.iter().filter(|text| text.contains(": old.")).count();
    assert!(moved * 5 > count, "a step moves fields that have not changed: {moved} of {count} do");
    let wrong = run_program("pasted", &lock_proof::program_of_old_types(seed, &written), &about);
    assert!(wrong.is_empty(), "{about}\n{wrong}");
}
