//! The rules of compatibility among themselves, over many more shapes than can be compiled.

use eventsourcing::schema::{Verdict, compatibility};

/// How many histories, each of a few edits.
const HISTORIES: u64 = 5_000;

#[test]
fn a_shape_is_the_same_as_itself() {
    for seed in 0..HISTORIES {
        for (shape, edit) in lock_proof::history(seed, 2) {
            assert_eq!(compatibility(&shape, &shape), Verdict::Same, "history {seed}, {edit}: {shape:?}");
        }
    }
}

#[test]
fn equal_fingerprints_are_called_the_same() {
    let mut equal = 0;
    for seed in 0..HISTORIES {
        let versions = lock_proof::history(seed, 2);
        for (now, edit) in &versions[1..] {
            let locked = &versions[0].0;
            if now.fingerprint() == locked.fingerprint() {
                equal += 1;
                assert_eq!(compatibility(now, locked), Verdict::Same, "history {seed}, {edit}: {now:?}\nof {locked:?}");
            }
        }
    }
    assert!(equal > 100, "only {equal} of the edits change nothing on the wire");
}

/// What is read by a version that the next one reads is read by the next one too, so a lock may be refreshed at every
/// additive edit.
#[test]
fn additive_edits_in_a_row_are_one_additive_edit() {
    let mut rows = 0;
    for seed in 0..HISTORIES {
        let versions = lock_proof::history(seed, 2);
        let [(first, _), (second, one), (third, other)] = &versions[..] else { panic!("three versions") };
        let is_read = |now, locked| compatibility(now, locked) != Verdict::Breaking;
        if is_read(second, first) && is_read(third, second) {
            rows += 1;
            assert!(is_read(third, first), "history {seed}, {one}, {other}:\n{first:?}\n{second:?}\n{third:?}");
        }
    }
    assert!(rows > 500, "only {rows} histories are additive");
}
