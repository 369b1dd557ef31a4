//! The rules of compatibility among themselves, over many more shapes than can be compiled.

use eventsourcing::{
    __private::may_read,
    lock::payloads,
    schema::{Verdict, compatibility},
};

/// How many histories, each of a few edits.
const HISTORIES: u64 = 20_000;

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
        // What contains itself and what spells that out are only compared as they are: an edit inside comes on its own.
        if [one, other].iter().any(|edit| edit.contains("spelled out")) {
            continue;
        }
        let is_read = |now, locked| compatibility(now, locked) != Verdict::Breaking;
        if is_read(second, first) && is_read(third, second) {
            rows += 1;
            assert!(is_read(third, first), "history {seed}, {one}, {other}:\n{first:?}\n{second:?}\n{third:?}");
        }
    }
    assert!(rows > 500, "only {rows} histories are additive");
}

/// The codec itself is asked in `pairs`; this asks a model of it, of many more shapes.
#[test]
fn what_is_called_readable_has_the_form_of_what_is_read() {
    for seed in 0..HISTORIES / 4 {
        let versions = lock_proof::history(seed, 2);
        let locked = &versions[0].0;
        let payloads = payloads(locked);
        for (now, edit) in &versions {
            if compatibility(now, locked) == Verdict::Breaking {
                continue;
            }
            for payload in &payloads {
                let value = serde_json::from_str(payload).expect("what is made up is JSON");
                assert!(may_read(now, &value), "history {seed}, {edit}: {payload}\nas {now:?}\nfrom {locked:?}");
            }
        }
    }
}
