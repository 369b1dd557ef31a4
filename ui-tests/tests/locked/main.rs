//! Runs the cases that need a lock: what a change of locked events does, and what the compiler says about it.
//!
//! Each case is a change: types as they were locked, and types as they are. The library's own tests write the lock, and
//! cargo checks the change with it. What is expected stands beside the case, and `TRYBUILD=overwrite` writes it: on one
//! compiler every word is compared, on others our messages and their places. The cases of `cases/edits` are the rows of
//! the page `eventsourcing/docs/edits.md`, which is compared as well.

mod case;
mod change;
mod lock;
#[path = "../lines/messages.rs"]
mod messages;
mod page;
mod tests_said;
mod workspace;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use case::{Case, Expected};
use lock::Lock;
use tests_said::TestsSaid;
use workspace::Workspace;

#[test]
fn changes_of_locked_events_do_what_the_cases_say() {
    let cases = Case::all();
    if cases.is_empty() {
        return;
    }
    let workspace = Workspace::new(&cases);
    let lock = workspace.write_lock(&cases);
    let said = workspace.check(&cases, &lock);
    let mut wrong = String::new();
    for case in &cases {
        let said = said.get(&case.name).map(String::as_str).unwrap_or_default();
        match case.expectation() {
            Some(file) if case.expected == Expected::Refused => compare(&file, said, &mut wrong),
            _ if said.is_empty() => {}
            _ => report(&mut wrong, &case.path, "nothing", said),
        }
    }
    // A crate that does not compile has no tests, and they have one crate together.
    let compile: Vec<&Case> = cases.iter().filter(|case| !said.contains_key(&case.name)).collect();
    if compile.iter().any(|case| case.expected != Expected::Accepted) {
        what_tests_say(&workspace, &compile, &lock, &mut wrong);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_readme_shows_what_the_compiler_says() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let case = "cases/locked/readme/renamed.rs";
    let said = fs::read_to_string(here.join(case).with_extension("stderr")).unwrap();
    let readme = fs::read_to_string(here.join("../README.md")).unwrap();
    let shown = said.replace(case, "src/account.rs");
    assert!(readme.contains(shown.trim_end()), "this is not in README.md:\n{shown}");
}

#[test]
fn the_page_of_edits_is_what_the_cases_say() {
    if !case::only().is_empty() {
        return;
    }
    let page = page::page(&Case::all());
    if overwrite() {
        fs::write(page::path(), &page).expect("the documentation is writable");
    }
    let now = case::read(&page::path());
    let missing: Vec<&str> = page.lines().filter(|line| !now.lines().any(|other| other == *line)).collect();
    let path = page::path();
    assert!(now == page, "{} does not say what the cases do; run scripts/bless: {missing:#?}", path.display());
}

#[test]
fn each_file_of_expectations_is_of_a_case() {
    let cases = Case::all();
    let expected: BTreeSet<PathBuf> = cases.iter().filter_map(Case::expectation).collect();
    if case::only().is_empty() {
        let found: BTreeSet<PathBuf> = case::files().into_iter().filter(|file| !case::is_source(file)).collect();
        assert_eq!(found.difference(&expected).collect::<Vec<_>>(), Vec::<&PathBuf>::new(), "nothing reads these");
    }
}

/// Compares what the generated tests of the cases that compile say.
fn what_tests_say(workspace: &Workspace, cases: &[&Case], lock: &Lock, wrong: &mut String) {
    let have = |expected: &[Expected]| -> Vec<&Case> {
        cases.iter().copied().filter(|case| expected.contains(&case.expected)).collect()
    };
    let (kept, told) = (have(&[Expected::Same, Expected::Refresh]), have(&[Expected::Told]));
    let said = workspace.run(&kept, &told, lock);
    let of = |name: &str| TestsSaid::parse(said.get(name).map(String::as_str).unwrap_or_default());
    let together = of("kept");
    for case in kept {
        let said = together.of_module(&case.name);
        let verdict = said.verdict();
        if verdict != Some(case.expected) {
            report(wrong, &case.path, &format!("{:?}", case.expected), &format!("{verdict:?}\n{}", said.text()));
        }
    }
    for case in told {
        if let Some(file) = case.expectation() {
            compare(&file, &of(&case.name).text(), wrong);
        }
    }
}

/// Compares what was said with the file that says what is expected, or writes that file.
fn compare(file: &Path, said: &str, wrong: &mut String) {
    if overwrite() {
        fs::write(file, said).expect("the cases are writable");
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    let same = if messages::every_word_counts() || file.extension().is_some_and(|extension| extension == "stdout") {
        expected == said
    } else {
        messages::in_text(&expected) == messages::in_text(said)
    };
    if said.is_empty() || !same {
        report(wrong, file, &expected, said);
    }
}

fn report(wrong: &mut String, place: &Path, expected: &str, said: &str) {
    writeln!(wrong, "\n=== {}\n--- expected:\n{expected}\n--- said:\n{said}", place.display())
        .expect("a string takes any text");
}

fn overwrite() -> bool {
    std::env::var_os("TRYBUILD").is_some_and(|value| value == "overwrite")
}
