//! What a case is: its file, read into the types as they were locked, the types as they are now, and what is expected.
//!
//! A file begins with a header, `// key: value`, and has two parts: `// --- before ---`, from which the lock is
//! written, and `// --- after ---`, which meets that lock. A part `// --- lock ---`, in comments, is a lock as it
//! stands, in place of `before`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The parts of a file, each under its line.
const PARTS: [&str; 3] = ["lock", "before", "after"];

/// A change of locked event types.
#[derive(Debug)]
pub(crate) struct Case {
    /// The file, from the folder of the crate: `cases/locked/field/removed.rs`.
    pub(crate) path: PathBuf,
    /// `locked_field_removed`: the name of its crate, and of its modules.
    pub(crate) name: String,
    pub(crate) header: BTreeMap<String, String>,
    /// A lock as it stands.
    pub(crate) lock: Option<String>,
    /// The types from which the lock is written.
    pub(crate) before: Option<String>,
    /// The types of today, each on its line of the file.
    pub(crate) after: String,
    pub(crate) expected: Expected,
}

/// What becomes of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// It does not compile, with the messages in `.stderr`.
    Refused,
    /// It compiles.
    Accepted,
    /// It compiles; its tests say what `.stdout` says.
    Told,
    /// It compiles, and the lock is up to date.
    Same,
    /// It compiles, and the lock wants a refresh.
    Refresh,
}

impl Case {
    /// All cases whose path contains `UI_ONLY`, by path.
    pub(crate) fn all() -> Vec<Self> {
        let only = only();
        let own = |path: PathBuf| path.strip_prefix(root()).expect("they are in this crate").to_owned();
        let paths = files().into_iter().filter(|path| is_source(path)).map(own);
        paths.filter(|path| path.to_string_lossy().contains(&only)).map(Self::read).collect()
    }

    fn read(path: PathBuf) -> Self {
        let text = read(&root().join(&path));
        let area = path.parent().and_then(Path::file_name).expect("a case is in an area").to_string_lossy();
        let own = path.strip_prefix("cases").expect("it is in the folder of cases").with_extension("");
        let name = own.to_string_lossy().replace(['/', '\\'], "_");
        let header = header(&text);
        let after = part(&text, "after").unwrap_or_else(|| panic!("{}: no `// --- after ---`", path.display()));
        let expected = match (header.get("verdict").map(String::as_str), &*area) {
            (Some("same"), _) => Expected::Same,
            (Some("additive" | "new"), _) => Expected::Refresh,
            (Some("breaking"), _) if header.contains_key("noticed") => Expected::Told,
            (Some("breaking"), _) => Expected::Refused,
            (Some(other), _) => panic!("{}: the verdict `{other}` is none", path.display()),
            (None, "pass") => Expected::Accepted,
            (None, "test") => Expected::Told,
            (None, _) => Expected::Refused,
        };
        let lock = part(&text, "lock").map(|lock| uncommented(&lock));
        let before = part(&text, "before");
        Self { path, name, header, lock, before, after, expected }
    }

    /// Whether the case is a row of the table of edits.
    pub(crate) fn is_edit(&self) -> bool {
        self.path.starts_with("cases/edits")
    }

    /// The file that says what is expected.
    pub(crate) fn expectation(&self) -> Option<PathBuf> {
        let extension = match self.expected {
            Expected::Refused => "stderr",
            Expected::Told => "stdout",
            Expected::Accepted | Expected::Same | Expected::Refresh => return None,
        };
        Some(root().join(&self.path).with_extension(extension))
    }

    /// These types with names that no other case has, so that many cases share a crate and its lock.
    pub(crate) fn apart(&self, types: &str) -> String {
        let mut text = String::with_capacity(types.len());
        let mut inside = false;
        for line in types.lines() {
            let mut line = line.to_owned();
            inside |= line.contains("#[event(");
            if inside {
                for key in ["prefix = \"", "tag = \"", "lock = \"", "retired(\""] {
                    line = line.replace(key, &format!("{key}{}.", self.name));
                }
                inside = !line.contains(")]");
            }
            text.push_str(&line);
            text.push('\n');
        }
        text
    }
}

/// The part of a path that names the cases to run; empty for all.
pub(crate) fn only() -> String {
    std::env::var("UI_ONLY").unwrap_or_default()
}

/// The files of all cases, sorted.
pub(crate) fn files() -> Vec<PathBuf> {
    let areas = ["cases/edits", "cases/locked"].into_iter().flat_map(|folder| entries(&root().join(folder)));
    let mut files: Vec<PathBuf> = areas.flat_map(|area| entries(&area)).collect();
    files.sort();
    files
}

pub(crate) fn is_source(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "rs")
}

/// The folder of this crate.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("a folder is readable").path())
}

/// The lines `// key: value` before the first part. A value goes on in lines indented by three spaces.
fn header(text: &str) -> BTreeMap<String, String> {
    let mut header: BTreeMap<String, String> = BTreeMap::new();
    let mut last = None;
    for line in text.lines().take_while(|line| heading(line).is_none()) {
        if let (Some(more), Some(last)) = (line.strip_prefix("//   "), &last) {
            let value: &mut String = header.entry(String::clone(last)).or_default();
            value.push(' ');
            value.push_str(more.trim());
        } else if let Some((key, value)) = line.strip_prefix("// ").and_then(|line| line.split_once(": ")) {
            header.insert(key.to_owned(), value.trim().to_owned());
            last = Some(key.to_owned());
        }
    }
    header
}

/// The lines of a part, with empty lines for all that is above it.
fn part(text: &str, name: &str) -> Option<String> {
    let mut part = String::new();
    let (mut here, mut found) = (false, false);
    for line in text.lines() {
        if let Some(heading) = heading(line) {
            here = heading == name;
            found |= here;
            part.push('\n');
            continue;
        }
        if here {
            part.push_str(line);
        }
        part.push('\n');
    }
    let end = part.trim_end().len();
    part.truncate(end);
    part.push('\n');
    found.then_some(part)
}

fn heading(line: &str) -> Option<&str> {
    let name = line.strip_prefix("// --- ")?.strip_suffix(" ---")?;
    assert!(PARTS.contains(&name), "`{line}` begins no part: they are {PARTS:?}");
    Some(name)
}

/// The text of a part that is all comments.
fn uncommented(part: &str) -> String {
    let mut text = String::new();
    for line in part.trim().lines() {
        text.push_str(line.strip_prefix("// ").or_else(|| line.strip_prefix("//")).unwrap_or(line));
        text.push('\n');
    }
    text
}
