//! The rules of compatibility against the real codec, over random pairs of types.
//!
//! The types are source, so a crate is generated and run: `target/lock-proof`. `SEED` makes other pairs, `PAIRS` more.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Where the rules are stricter than the codec: what they say, and why every payload may be readable all the same.
const STRICTER: &[(&str, &str)] = &[
    ("an untagged enum reads the first variant that fits", "the other variants may be too different to be mistaken"),
    ("now `f64`", "a float holds most integers; the largest are rounded, without an error"),
    ("now `f32`", "a float holds most integers; the largest are rounded, without an error"),
    ("now `map", "a map keeps all keys, but what reads it would have to know them"),
    ("locked as `enum tagged by", "with a single variant, or without contents, two taggings may look alike"),
];

#[test]
fn what_is_called_readable_is_read_and_what_is_called_breaking_is_not() {
    let number = |name: &str, otherwise: u64| match env::var(name) {
        Ok(number) => number.parse().unwrap_or_else(|_| panic!("{name} is no number: {number}")),
        Err(_) => otherwise,
    };
    let (seed, count) = (number("SEED", 1), number("PAIRS", 150));
    let mut wrong = Vec::new();
    let mut stricter: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut verdicts: BTreeMap<String, usize> = BTreeMap::new();
    for pair in run(seed, usize::try_from(count).expect("the number of pairs fits")) {
        *verdicts.entry(pair.verdict.clone()).or_default() += 1;
        match (&pair.old, &pair.new, pair.verdict == "Breaking") {
            (Some(old), ..) => wrong.push(format!("{pair} does not even read what it wrote itself:\n{old}")),
            (None, Some(new), false) => wrong.push(format!("{pair} is called readable and is not:\n{new}")),
            (None, None, true) => match STRICTER.iter().find(|(rule, _)| pair.differences.contains(rule)) {
                Some((rule, _)) => stricter.entry(rule).or_default().push(pair.to_string()),
                None => {
                    let differences = &pair.differences;
                    wrong.push(format!("{pair} is called breaking, and every payload is read:{differences}"));
                }
            },
            _ => {}
        }
    }
    println!("{count} pairs of seed {seed}: {verdicts:?}");
    for (rule, pairs) in &stricter {
        println!("stricter than the codec, {} times: {rule}: {}", pairs.len(), pairs.join("; "));
    }
    assert!(wrong.is_empty(), "SEED={seed}, sources in {}\n{}", folder().display(), wrong.join("\n\n"));
}

/// What the generated program says of a pair.
struct Pair {
    name: String,
    edits: String,
    verdict: String,
    old: Option<String>,
    new: Option<String>,
    differences: String,
}

impl std::fmt::Display for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.name, self.edits)
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("lock-proof")
}

fn run(seed: u64, pairs: usize) -> Vec<Pair> {
    let folder = folder();
    fs::create_dir_all(folder.join("src")).expect("a folder in the target folder");
    write(&folder.join("src/main.rs"), &lock_proof::program(seed, pairs));
    write(&folder.join("Cargo.toml"), &manifest());
    // The versions of the workspace, so that nothing is downloaded.
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock of the workspace");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--target-dir"])
        .arg(folder.join("target"))
        .current_dir(&folder)
        .output()
        .expect("cargo runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "SEED={seed}: {}", String::from_utf8_lossy(&output.stderr));
    let found: Vec<Pair> = text.lines().map(pair).collect();
    assert_eq!(found.len(), pairs);
    found
}

fn pair(line: &str) -> Pair {
    let values: Vec<serde_json::Value> = serde_json::from_str(line).expect("a line of JSON");
    let text = |index: usize| values[index].as_str().map(str::to_owned);
    assert_ne!(values[3], 0, "no payloads: {line}");
    let [name, edits, verdict, differences] = [0, 1, 2, 6].map(|index| text(index).expect("text"));
    Pair { name, edits, verdict, old: text(4), new: text(5), differences }
}

fn manifest() -> String {
    let workspace = workspace();
    let workspace = workspace.canonicalize().expect("the workspace is there");
    format!(
        r#"[package]
name = "pairs"
version = "0.0.0"
edition = "2024"

[dependencies]
eventsourcing = {{ path = {library:?}, default-features = false, features = ["macros"] }}
lock-proof = {{ path = {proof:?} }}
serde = {{ version = "1", features = ["derive"] }}
serde_json = "1"
uuid = {{ version = "1", features = ["serde"] }}

[profile.dev]
debug = false
incremental = true

[workspace]
"#,
        library = workspace.join("eventsourcing"),
        proof = workspace.join("lock-proof"),
    )
}

/// Writes a file unless it is as it should be, so that nothing is built again for nothing.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).expect("a file in the target folder");
}
