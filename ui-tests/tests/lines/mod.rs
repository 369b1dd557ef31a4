//! Compares the messages of the derives and their places, on whatever compiler there is.
//!
//! All cases are binaries of one scratch package, checked by one `cargo check`.

pub(crate) mod messages;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use messages::{Said, in_text};

/// The cases that must not compile.
pub(crate) fn failing_cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = files(&root().join("cases")).filter(|case| !is_pass(case)).collect();
    cases.sort();
    cases
}

/// Fails, naming each difference, when a case says something else than its `.stderr`.
pub(crate) fn compare() {
    let said = check_all();
    let mut differences = String::new();
    for case in files(&root().join("cases")) {
        let said = said.get(&name(&case)).cloned().unwrap_or_default();
        let expected = if is_pass(&case) { BTreeSet::new() } else { in_text(&read(&case.with_extension("stderr"))) };
        for (message, place) in expected.difference(&said) {
            writeln!(differences, "{}: missing at {place}: {message}", case.display())
                .expect("a string takes any text");
        }
        for (message, place) in said.difference(&expected) {
            writeln!(differences, "{}: unexpected at {place}: {message}", case.display())
                .expect("a string takes any text");
        }
    }
    assert!(differences.is_empty(), "\n{differences}");
}

/// What is said about each case.
fn check_all() -> BTreeMap<String, BTreeSet<Said>> {
    let package = scratch_package();
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--bins", "--keep-going", "--offline", "--message-format=json"])
        .arg("--manifest-path")
        .arg(package.join("Cargo.toml"))
        .output()
        .expect("cargo runs");
    let mut said: BTreeMap<String, BTreeSet<Said>> = BTreeMap::new();
    let mut targets = 0;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: serde_json::Value = serde_json::from_str(line).expect("cargo writes JSON");
        targets += 1;
        let (Some(target), Some(text)) = (message["target"]["name"].as_str(), message["message"]["rendered"].as_str())
        else {
            continue;
        };
        said.entry(target.to_owned()).or_default().extend(in_text(text));
    }
    assert!(targets > 0, "cargo checked nothing: {}", String::from_utf8_lossy(&output.stderr));
    said
}

/// A package with a binary for each case, in a workspace of its own.
fn scratch_package() -> PathBuf {
    let package = root().join("../target/ui-lines");
    fs::create_dir_all(&package).expect("the target directory is writable");
    let mut manifest = String::from(
        "[package]\nname = \"ui-lines\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
         [dependencies]\neventsourcing = { path = \"../../eventsourcing\" }\nserde = { version = \"1\", features = [\"derive\"] }\n",
    );
    for case in files(&root().join("cases")) {
        write!(manifest, "\n[[bin]]\nname = {:?}\npath = {:?}\n", name(&case), case.to_string_lossy())
            .expect("a string takes any text");
    }
    fs::write(package.join("Cargo.toml"), manifest).expect("the target directory is writable");
    fs::copy(root().join("../Cargo.lock"), package.join("Cargo.lock")).expect("the workspace has a lock file");
    package
}

/// The name of a case as a binary: `event-no_prefix`.
fn name(case: &Path) -> String {
    let area = case.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    format!("{area}-{}", case.file_stem().unwrap_or_default().to_string_lossy())
}

fn is_pass(case: &Path) -> bool {
    case.parent().is_some_and(|area| area.ends_with("pass"))
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let areas = fs::read_dir(folder).expect("there are cases").map(|area| area.expect("a folder is readable").path());
    areas
        .flat_map(|area| fs::read_dir(area).expect("an area is a folder"))
        .map(|case| case.expect("a folder is readable").path())
        .filter(|case| case.extension().is_some_and(|extension| extension == "rs"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
