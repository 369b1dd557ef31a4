//! The page `eventsourcing/docs/edits.md`: tables of edits, each row from a case that cargo has checked.

use std::{fmt::Write as _, path::PathBuf};

use crate::{
    case::{Case, read, root},
    change,
};

/// Above this line the page is written by hand, below it by this module.
const MARK: &str = "<!-- From here on written by `scripts/bless`, from `ui-tests/cases/edits`. -->\n";

/// The folders of cases, in the order of the page, with their headings.
const GROUPS: [(&str, &str); 6] = [
    ("field", "Fields"),
    ("number", "Numbers and text"),
    ("optional", "Options and defaults"),
    ("collection", "Lists, sets, maps and tuples"),
    ("variant", "Enums inside an event"),
    ("type", "Types, names and modules"),
];

/// The last folder: events themselves.
const EVENTS: (&str, &str) = ("event", "Events and versions");

pub(crate) fn path() -> PathBuf {
    root().join("../eventsourcing/docs/edits.md")
}

/// The page as it should be.
pub(crate) fn page(cases: &[Case]) -> String {
    let page = read(&path());
    let (head, _) = page.split_once(MARK).unwrap_or_else(|| panic!("the page has no line {MARK}"));
    let mut text = format!("{head}{MARK}");
    let mut rows = 0;
    for (folder, heading) in GROUPS.iter().chain([&EVENTS]) {
        let start = format!("cases/edits/{folder}");
        let of_group: Vec<&Case> = cases.iter().filter(|case| case.path.starts_with(&start)).collect();
        rows += of_group.len();
        text.push_str(&table(heading, &of_group));
    }
    let edits = cases.iter().filter(|case| case.is_edit()).count();
    assert_eq!(rows, edits, "an edit is in a folder that the page does not have");
    text
}

fn table(heading: &str, cases: &[&Case]) -> String {
    let mut text = format!("\n## {heading}\n\n| edit | before | after | verdict | why |\n|---|---|---|---|---|\n");
    for case in cases {
        let (before, after) = change::cells(case.before.as_deref().unwrap_or_default(), &case.after);
        let told =
            |key: &str| case.header.get(key).unwrap_or_else(|| panic!("{}: no `// {key}: ..`", case.path.display()));
        let (edit, verdict, why) = (told("edit"), told("verdict"), told("why"));
        let noticed = case.header.get("noticed").map(|by| format!(" ({by})")).unwrap_or_default();
        writeln!(text, "| {edit} | {before} | {after} | **{verdict}**{noticed} | {why} |")
            .expect("a string takes any text");
    }
    text
}
