//! The crates that the cases become, and what cargo says about them.
//!
//! All of them are members of one scratch workspace. The types of all cases as they were share the crate `before`,
//! whose own tests write the lock. Each case's types of today are a crate, with what that lock says of them. Those
//! that compile are in the crate `kept` together as well, where their tests run.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{
    case::{Case, read, root},
    lock::Lock,
};

/// The scratch workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    folder: PathBuf,
}

impl Workspace {
    /// A workspace of these cases.
    pub(crate) fn new(cases: &[Case]) -> Self {
        let folder = root().join("../target/ui-locked");
        fs::create_dir_all(&folder).expect("the target directory is writable");
        let folder = folder.canonicalize().expect("it exists");
        let ours = read(&root().join("../Cargo.toml"));
        let profiles = ours.find("[profile.").map_or("", |start| &ours[start..]);
        let mut members = String::from("\"before\", \"kept\"");
        for case in cases {
            write!(members, ", \"after/{}\"", case.name).expect("a string takes any text");
        }
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{members}]\n\n{profiles}");
        fs::write(folder.join("Cargo.toml"), manifest).expect("the target directory is writable");
        fs::copy(root().join("../Cargo.lock"), folder.join("Cargo.lock")).expect("the workspace has a lock file");
        Self { folder }
    }

    /// Has the lock written for the types as they were.
    pub(crate) fn write_lock(&self, cases: &[Case]) -> Lock {
        let with_types: Vec<(&Case, &str)> =
            cases.iter().filter_map(|case| Some((case, case.before.as_deref()?))).collect();
        let path = self.folder.join("before/events.lock");
        if path.exists() {
            fs::remove_file(&path).expect("the target directory is writable");
        }
        self.shared_crate("before", &with_types, None);
        self.shared_crate("kept", &[], None);
        for case in cases {
            self.crate_of(case, "");
        }
        if with_types.is_empty() {
            return Lock::default();
        }
        let mut cargo = self.cargo(&["test", "--package", "before", "--lib", "events_lock"]);
        let output = cargo.env("EVENTS_LOCK", "write").output().expect("cargo runs");
        assert!(output.status.success(), "the types as they were are in order:\n{}", both(&output));
        Lock::parse(&read(&path))
    }

    /// What the compiler says about each case; nothing when it compiles.
    pub(crate) fn check(&self, cases: &[Case], lock: &Lock) -> BTreeMap<String, String> {
        for case in cases {
            let own = lock.of(&case.name).own_names(&case.name);
            self.crate_of(case, case.lock.as_deref().unwrap_or(&own));
        }
        let arguments = ["check", "--workspace", "--exclude", "before", "--exclude", "kept", "--keep-going"];
        let output = self.cargo(&arguments).arg("--message-format=json").output().expect("cargo runs");
        let mut said: BTreeMap<String, String> = BTreeMap::new();
        let mut checked = BTreeSet::new();
        for message in messages(&output) {
            let Some(name) = message["target"]["name"].as_str() else { continue };
            checked.insert(name.to_owned());
            // How many errors there were, and where to read more.
            let (level, text) = (message["message"]["level"].as_str(), message["message"]["message"].as_str());
            let summary = level == Some("failure-note")
                || text.is_some_and(|text| text.starts_with("aborting due to") || text.ends_with(" emitted"));
            if let (false, Some(text)) = (summary, message["message"]["rendered"].as_str()) {
                said.entry(name.to_owned()).or_default().push_str(text);
            }
        }
        for case in cases {
            assert!(checked.contains(&case.name), "{} was not checked:\n{}", case.name, both(&output));
        }
        for case in cases {
            if let Some(text) = said.get_mut(&case.name) {
                *text = self.portable(text, case);
            }
        }
        said
    }

    /// What the tests of these cases say: of the crate `kept`, which has the first of them together, and of the crates
    /// of the others, by name.
    pub(crate) fn run(&self, kept: &[&Case], own: &[&Case], lock: &Lock) -> BTreeMap<String, String> {
        let types: Vec<(&Case, &str)> = kept.iter().map(|case| (*case, case.after.as_str())).collect();
        let names: BTreeSet<&str> = kept.iter().map(|case| case.name.as_str()).collect();
        self.shared_crate("kept", &types, Some(&lock.only(&names)));
        let mut cargo = self.cargo(&["test", "--lib", "--no-run", "--message-format=json", "--package", "kept"]);
        cargo.args(own.iter().flat_map(|case| ["--package", &case.name]));
        let output = cargo.output().expect("cargo runs");
        assert!(output.status.success(), "what compiles has tests that compile:\n{}", both(&output));
        let mut said = BTreeMap::new();
        for message in messages(&output) {
            let (name, program) = (&message["target"]["name"], &message["executable"]);
            let (Some(name), Some(program)) = (name.as_str(), program.as_str()) else { continue };
            let manifest = Path::new(message["manifest_path"].as_str().unwrap_or_default());
            let folder = manifest.parent().expect("a crate is in a folder");
            let output = Command::new(program)
                .args(["events_lock", "--test-threads=1"])
                .current_dir(folder)
                .env("CARGO_MANIFEST_DIR", folder)
                .env_remove("EVENTS_LOCK")
                .env("RUST_BACKTRACE", "0")
                .output()
                .expect("a test is a program");
            let text = both(&output);
            let case = own.iter().find(|case| case.name == name);
            said.insert(name.to_owned(), case.map_or(text.clone(), |case| self.portable(&text, case)));
        }
        said
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(arguments).arg("--offline").current_dir(&self.folder).env_remove("EVENTS_LOCK");
        cargo.env_remove("EVENTS_LOCK_FILE").env("RUST_BACKTRACE", "0");
        if std::env::var_os("CARGO_TARGET_DIR").is_none() {
            cargo.env("CARGO_TARGET_DIR", root().join("../target"));
        }
        cargo
    }

    /// A crate of many cases, each in a module.
    fn shared_crate(&self, name: &str, types: &[(&Case, &str)], lock: Option<&str>) {
        let mut library = String::new();
        let mut files = BTreeMap::new();
        for (case, types) in types {
            writeln!(library, "mod {};", case.name).expect("a string takes any text");
            files.insert(format!("src/{}.rs", case.name), case.apart(types));
        }
        files.insert("src/lib.rs".to_owned(), library);
        files.extend(lock.map(|lock| ("events.lock".to_owned(), lock.to_owned())));
        self.write_crate(name, name, "../../..", files);
    }

    fn crate_of(&self, case: &Case, lock: &str) {
        let files = [("events.lock", lock), ("src/lib.rs", &case.after)];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        self.write_crate(&format!("after/{}", case.name), &case.name, "../../../..", files.into());
    }

    /// Writes a crate whole when a part of it has changed: so cargo sees a lock that was not there before.
    fn write_crate(&self, folder: &str, name: &str, up: &str, mut files: BTreeMap<String, String>) {
        let folder = self.folder.join(folder);
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
             [dependencies]\n\
             eventsourcing = {{ path = \"{up}/eventsourcing\", default-features = false, features = [\"chrono\", \"indexmap\", \"jiff\", \"lock\", \"macros\", \"serde_with\"] }}\n\
             chrono = {{ version = \"0.4\", default-features = false, features = [\"serde\", \"std\"] }}\n\
             indexmap = {{ version = \"2\", default-features = false, features = [\"serde\", \"std\"] }}\njiff = {{ version = \"1\", default-features = false, features = [\"serde\", \"std\"] }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
             serde_with = {{ version = \"3\", default-features = false, features = [\"base64\", \"hex\", \"macros\", \"std\"] }}\n\
             uuid = {{ version = \"1\", features = [\"serde\"] }}\n\n\
             [lints.rust]\ndead_code = \"allow\"\n"
        );
        files.insert("Cargo.toml".to_owned(), manifest);
        let unchanged =
            |(path, text): (&String, &String)| fs::read_to_string(folder.join(path)).is_ok_and(|old| old == *text);
        if files.iter().all(unchanged) {
            return;
        }
        fs::create_dir_all(folder.join("src")).expect("the target directory is writable");
        for (path, text) in files {
            fs::write(folder.join(path), text).expect("the target directory is writable");
        }
    }

    /// The text with the case's own path, and without where this repository is.
    fn portable(&self, text: &str, case: &Case) -> String {
        let repository = root().parent().expect("the crate is in the repository").to_string_lossy();
        let folder = self.folder.join("after").join(&case.name);
        let own = format!("after/{}/src/lib.rs", case.name);
        let mut text = text.replace(&*folder.join("src/lib.rs").to_string_lossy(), &case.path.to_string_lossy());
        text = text.replace(&own, &case.path.to_string_lossy());
        text = text.replace(&*folder.to_string_lossy(), "$CRATE");
        text = text.replace(&*repository, "$REPOSITORY");
        // How many types have a schema is no matter of the case.
        let others = |line: &str| {
            let known = line.trim_start().starts_with("and ") && line.ends_with(" others");
            if known {
                line.replace(|letter: char| letter.is_ascii_digit(), "").replace("and ", "and $N")
            } else {
                line.to_owned()
            }
        };
        text.split_inclusive('\n').map(|line| others(line.trim_end_matches('\n')) + "\n").collect()
    }
}

fn messages(output: &Output) -> Vec<serde_json::Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).expect("cargo writes JSON")).collect()
}

fn both(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
