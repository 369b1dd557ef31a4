//! The rules of compatibility against the real codec, over random pairs of types.
//!
//! The types are source, so a crate is generated and run: `target/lock-proof`. `SEED` makes other pairs, `PAIRS` more, and
//! `EDIT` those of one edit.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A place where the rules are stricter than the codec.
struct Stricter {
    /// What they say.
    rule: &'static str,
    /// The edit that it takes, where what they say is not enough.
    edit: &'static str,
    /// Why every payload may be readable all the same.
    #[expect(dead_code, reason = "for who reads the list")]
    because: &'static str,
}

const STRICTER: &[Stricter] = &[
    Stricter {
        rule: "an untagged enum reads the first variant that fits",
        edit: "",
        because: "the other variants may be too different to be mistaken",
    },
    Stricter {
        rule: "locked as `integer`, now `f",
        edit: "",
        because: "a float holds most integers; the largest are rounded, without an error",
    },
    Stricter { rule: "now `map", edit: "struct made a map", because: "a map of any values keeps all fields" },
    Stricter {
        rule: "no field reads it any more",
        edit: "struct made a map",
        because: "a flattened map of any values keeps all fields",
    },
    Stricter {
        rule: "locked as `enum",
        edit: "tagging changed",
        because: "with one variant, or without contents, two taggings may look alike",
    },
    Stricter {
        rule: "locked as `recursive",
        edit: "",
        because: "what contains itself is compared with what does so in the same places",
    },
    Stricter {
        rule: "locked as `itself`, now `recursive",
        edit: "spelled out once, what contains itself spelled out once, what contains itself spelled out once",
        because: "twice on the way to one place it is put in, which costs the compiler the whole each time",
    },
    Stricter {
        rule: "a flattened field beside it may hold the key",
        edit: "",
        because: "the field writes the entry again as the map did, or no made-up map has just this key",
    },
    Stricter {
        rule: "locked as `null`, now `option of",
        edit: "content changed",
        because: "absent content is read as an option itself, and a shape does not tell it from a newtype around one",
    },
    Stricter {
        rule: "no field reads it any more",
        edit: "struct made a map",
        because: "a flattened map of any values keeps all fields",
    },
    Stricter {
        rule: "no field reads it any more",
        edit: "field removed",
        because: "a flattened map beside it takes its entry",
    },
    Stricter {
        rule: "names that are not known, which it read",
        edit: "variant for unknown names added",
        because: "another variant reads them, which is no error",
    },
    Stricter {
        rule: "which is gone; keep it",
        edit: "variant no longer written",
        because: "what is read as a variant that is not written cannot be asked what it was",
    },
    Stricter {
        rule: "and it reads both, so nothing tells them apart",
        edit: "variant no longer written",
        because: "what is read as a variant that is not written cannot be asked what it was",
    },
    Stricter {
        rule: "and it reads both, so nothing tells them apart",
        edit: "variant merged",
        because: "what the variants hold may be too different to be mistaken, where one reads any value",
    },
    Stricter {
        rule: "locked as `f64`, now `f32",
        edit: "",
        because: "what is read and not written again cannot be asked whether it was rounded",
    },
    Stricter {
        rule: "stored events may name it",
        edit: "alias of a variant removed",
        because: "the variant for unknown names reads it all the same, until another one is named so",
    },
    Stricter {
        rule: "a set keeps one of several equal elements",
        edit: "list made a set",
        because: "an array of one has no two",
    },
    Stricter {
        rule: "no field reads it any more",
        edit: "option around it",
        because: "a flattened option keeps what it reads, and drops all of its fields when one of them is not read",
    },
    Stricter {
        rule: "the stored order would be lost",
        edit: "",
        because: "what is made up may stand in the order that is made of it",
    },
    Stricter {
        rule: "any JSON has no order",
        edit: "",
        because: "what is made up may stand in the order that is made of it",
    },
    Stricter {
        rule: "the default of a field is part of what stored events mean",
        edit: "",
        because: "the old type cannot be asked what it was where it does not read the new one, or no longer writes the field",
    },
    Stricter {
        rule: "may not mean what the ends of this range do",
        edit: "",
        because: "two kinds of ranges are alike but for what their ends mean",
    },
];

impl Stricter {
    fn covers(&self, pair: &Pair) -> bool {
        let mut differences = pair.differences.replace("`nonzero ", "`");
        for integer in ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"] {
            differences = differences.replace(&format!("`{integer}`"), "`integer`");
        }
        differences.contains(self.rule) && pair.edits.as_ref().is_some_and(|edits| edits.contains(self.edit))
    }
}

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
    let only = env::var("EDIT").unwrap_or_default();
    for pair in run(seed, usize::try_from(count).expect("the number of pairs fits"), &only) {
        *verdicts.entry(pair.verdict.clone()).or_default() += 1;
        match (&pair.old, &pair.new, pair.verdict == "Breaking") {
            (Some(old), ..) => wrong.push(format!("{pair} does not even read what it wrote itself:\n{old}")),
            (None, Some(new), false) => wrong.push(format!("{pair} is called readable and is not:\n{new}")),
            // What has no name of its own is asked for what is lost alone.
            (None, None, true) if pair.edits.is_some() => {
                if let Some(Stricter { rule, .. }) = STRICTER.iter().find(|stricter| stricter.covers(&pair)) {
                    stricter.entry(rule).or_default().push(pair.to_string());
                } else {
                    let differences = &pair.differences;
                    wrong.push(format!("{pair} is called breaking, and every payload is read:{differences}"));
                }
            }
            _ => {}
        }
    }
    let all: usize = verdicts.values().sum();
    println!("{count} pairs of seed {seed}, {all} with the others of their types: {verdicts:?}");
    for (rule, pairs) in &stricter {
        println!("stricter than the codec, {} times: {rule}: {}", pairs.len(), pairs.join("; "));
    }
    assert!(wrong.is_empty(), "SEED={seed}, sources in {}\n{}", folder().display(), wrong.join("\n\n"));
}

/// What the generated program says of a pair.
struct Pair {
    name: String,
    /// None of its own, where both types are edits of another one.
    edits: Option<String>,
    verdict: String,
    old: Option<String>,
    new: Option<String>,
    differences: String,
}

impl std::fmt::Display for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.name, self.edits.as_deref().unwrap_or_default())
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("lock-proof")
}

fn run(seed: u64, pairs: usize, only: &str) -> Vec<Pair> {
    let text = run_program("main", &lock_proof::program(seed, pairs, only), &format!("SEED={seed}"));
    let found: Vec<Pair> = text.lines().map(pair).collect();
    assert_eq!(found.iter().filter(|pair| pair.edits.is_some()).count(), pairs);
    found
}

/// What a program prints, whose crate has this name.
pub(crate) fn run_program(name: &str, program: &str, about: &str) -> String {
    let folder = folder().join(name);
    fs::create_dir_all(folder.join("src")).expect("a folder in the target folder");
    write(&folder.join("src/main.rs"), program);
    write(&folder.join("Cargo.toml"), &manifest(name));
    // The versions of the workspace, so that nothing is downloaded.
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock of the workspace");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--target-dir"])
        .arg(self::folder().join("target"))
        .current_dir(&folder)
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{about}, {}: {errors}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn pair(line: &str) -> Pair {
    let values: Vec<serde_json::Value> = serde_json::from_str(line).expect("a line of JSON");
    let text = |index: usize| values[index].as_str().map(str::to_owned);
    assert_ne!(values[3], 0, "no payloads: {line}");
    let [name, verdict, differences] = [0, 2, 6].map(|index| text(index).expect("text"));
    Pair { name, edits: text(1), verdict, old: text(4), new: text(5), differences }
}

fn manifest(name: &str) -> String {
    let workspace = workspace();
    let workspace = workspace.canonicalize().expect("the workspace is there");
    let text = |member: &str| workspace.join(member).to_str().expect("a path of text").to_owned();
    format!(
        r#"[package]
name = "pairs-{name}"
version = "0.0.0"
edition = "2024"

[dependencies]
eventsourcing = {{ path = {library:?}, default-features = false, features = ["chrono", "indexmap", "jiff", "macros"] }}
chrono = {{ version = "0.4", default-features = false, features = ["clock", "serde"] }}
indexmap = {{ version = "2", default-features = false, features = ["serde", "std"] }}
jiff = {{ version = "1", default-features = false, features = ["serde", "std", "tzdb-bundle-always"] }}
lock-proof = {{ path = {proof:?} }}
serde = {{ version = "1", features = ["derive"] }}
serde_json = "1"
uuid = {{ version = "1", features = ["serde"] }}

[profile.dev]
debug = false
incremental = false
panic = "abort"

[workspace]
"#,
        library = text("eventsourcing"),
        proof = text("lock-proof"),
    )
}

/// Writes a file unless it is as it should be, so that nothing is built again for nothing.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).expect("a file in the target folder");
}
