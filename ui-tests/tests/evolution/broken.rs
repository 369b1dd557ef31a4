//! The broken edits beside `examples/evolution`: each applied to the example's events, under the example's lock.

use std::{fmt::Write as _, fs, path::PathBuf};

use crate::{
    differs,
    items::Items,
    outside::{Outside, read, root},
    overwrite,
};

#[test]
fn broken_edits_of_the_example_do_not_compile() {
    let example = root().join("../examples/evolution");
    let events = Items::parse(&read(&example.join("src/events.rs")));
    let outside = Outside::new("broken", "evolution");
    outside.write("src/lib.rs", "mod events;\n");
    outside.write("events.lock", &read(&example.join("events.lock")));
    outside.write("src/events.rs", &events.to_string());
    let whole = outside.run("cargo check");
    assert!(whole.succeeded, "the example itself compiles:\n{}", whole.text);

    let mut wrong = String::new();
    for edit in edits(&example.join("broken")) {
        let mut edited = events.clone();
        let change = Items::parse(&read(&edit));
        assert!(edited.lacks(&change).is_empty(), "{}: no such items: {:?}", edit.display(), edited.lacks(&change));
        edited.apply(&change);
        outside.write("src/events.rs", &edited.to_string());
        let ran = outside.run("cargo check");
        let (said, expected) = (ran.shown(), edit.with_extension("stderr"));
        if overwrite() {
            fs::write(&expected, &said).expect("the example is writable");
        }
        let expected = fs::read_to_string(expected).unwrap_or_default();
        if ran.succeeded || differs(&expected, &said) {
            writeln!(wrong, "\n=== {}\n--- expected:\n{expected}\n--- said:\n{said}", edit.display())
                .expect("a string takes any text");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn edits(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the example has broken edits");
    let mut edits: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    edits.retain(|edit| edit.extension().is_some_and(|extension| extension == "rs"));
    edits.sort();
    assert!(!edits.is_empty(), "{} has no edits", folder.display());
    edits
}
