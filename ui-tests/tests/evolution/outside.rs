//! A crate outside of this workspace, as a user has one: it names the library by a path, and cargo works without a net.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

/// Where the crates are said to be, whatever their folder is.
const HOME: &str = "/home/you";

/// What must not come from where the tests run: a hook of git, or a terminal in which somebody is after an error.
const NOT_INHERITED: [&str; 7] = [
    "EVENTS_LOCK",
    "EVENTS_LOCK_FILE",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_WORK_TREE",
    "RUST_BACKTRACE",
    "RUST_LIB_BACKTRACE",
];

/// A crate in a folder of its own, removed when the test is over.
#[derive(Debug)]
pub(crate) struct Outside {
    folder: PathBuf,
    name: String,
    /// What tells the version of this crate from those of others.
    build: String,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) succeeded: bool,
    /// What it wrote.
    pub(crate) text: String,
}

impl Outside {
    /// A crate without sources. The folder has the same name each time, so that cargo keeps no files of crates that are gone.
    pub(crate) fn new(test: &str, name: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (root(), test).hash(&mut hasher);
        let home = env::temp_dir().join(format!("eventsourcing-{test}-{:016x}", hasher.finish()));
        let folder = home.canonicalize().unwrap_or(home).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("what an earlier run left is ours");
        }
        fs::create_dir_all(folder.join("src")).expect("the folder of temporary files is writable");
        let build = format!("+{}", test.replace('_', "-"));
        let outside = Self { folder: folder.canonicalize().expect("it exists"), name: name.to_owned(), build };
        outside.write("Cargo.toml", &outside.manifest());
        outside.write("Cargo.lock", &read(&root().join("../Cargo.lock")));
        outside.write(".gitignore", "Cargo.lock\n");
        outside
    }

    /// The profiles are those of the workspace, so that the dependencies are built once for all.
    ///
    /// To cargo, crates of one name and version in one target folder are the same, wherever they are.
    fn manifest(&self) -> String {
        let workspace = read(&root().join("../Cargo.toml"));
        let profiles = workspace.find("[profile.").map_or("", |start| &workspace[start..]);
        let library = root().join("../eventsourcing").canonicalize().expect("the library is beside this crate");
        format!(
            "[package]\nname = \"{}\"\nversion = \"0.1.0{}\"\nedition = \"2024\"\n\n[dependencies]\n\
             eventsourcing = {{ path = \"{}\", default-features = false, features = [\"lock\", \"macros\"] }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\n\
             thiserror = \"2\"\n\n[lints.rust]\ndead_code = \"allow\"\n\n{profiles}",
            self.name,
            self.build,
            library.display()
        )
    }

    /// Has these features of the library, and no others.
    pub(crate) fn with_features(&self, features: &str) {
        let manifest = self.manifest().replace("\"lock\", \"macros\"", features);
        self.write("Cargo.toml", &manifest);
    }

    /// Where the crate is.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).expect("the folder is writable");
    }

    pub(crate) fn read(&self, file: &str) -> String {
        read(&self.path(file))
    }

    /// Runs a command line in the folder of the crate.
    pub(crate) fn run(&self, line: &str) -> Ran {
        let mut shell = Command::new("bash");
        // In the order in which a terminal would show it: the harness of the tests, then what cargo has to add.
        shell.args(["-c", &format!("exec 2>&1; {line}")]).current_dir(&self.folder);
        for name in NOT_INHERITED {
            shell.env_remove(name);
        }
        shell.env("CARGO_NET_OFFLINE", "true").env("CARGO_TERM_COLOR", "never").env("RUST_TEST_THREADS", "1");
        shell.env("LC_ALL", "C");
        if env::var_os("CARGO_TARGET_DIR").is_none() {
            shell.env("CARGO_TARGET_DIR", root().join("../target"));
        }
        if let Some(cargo) = env::var_os("CARGO").map(PathBuf::from) {
            let mut paths: Vec<PathBuf> = cargo.parent().map(Path::to_owned).into_iter().collect();
            paths.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
            shell.env("PATH", env::join_paths(paths).expect("cargo is on a path"));
        }
        for (name, value) in [("NAME", "you"), ("EMAIL", "you@example.org")] {
            shell.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
        }
        shell.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        let output = shell.output().expect("bash is installed");
        let text = self.portable(&String::from_utf8_lossy(&output.stdout));
        Ran { succeeded: output.status.success(), text: in_order(&text) }
    }

    /// The text without where the crate and the library are on this machine.
    fn portable(&self, text: &str) -> String {
        let library = root().parent().expect("the crate is in the repository").to_string_lossy();
        text.replace(&*self.folder.to_string_lossy(), &format!("{HOME}/{}", self.name))
            .replace(&*library, &format!("{HOME}/.cargo"))
            .replace(&self.build, "")
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        // What a failing test leaves is for its reader.
        if !std::thread::panicking() {
            drop(fs::remove_dir_all(&self.folder));
            // Gone with the last crate in it.
            drop(self.folder.parent().map(fs::remove_dir));
        }
    }
}

/// A test that runs alone has its name written before it and its result behind it. What it has told past the harness comes
/// first here, as it does where tests run beside each other.
fn in_order(said: &str) -> String {
    let (mut ordered, mut started) = (Vec::new(), None);
    for line in said.lines() {
        match started {
            None if line.starts_with("test ") && line.ends_with(" ... ") => started = Some(line),
            Some(name) if ["ok", "FAILED"].contains(&line) => {
                ordered.push(format!("{name}{line}"));
                started = None;
            }
            _ => ordered.push(line.to_owned()),
        }
    }
    ordered.join("\n") + "\n"
}

impl Ran {
    /// What was said about the code and by its tests, without the progress of cargo and of the harness.
    pub(crate) fn shown(&self) -> String {
        let mut shown = String::new();
        let mut lines = self.text.lines().peekable();
        while let Some(line) = lines.next() {
            // The names of the failed tests, once more.
            if line == "failures:" && lines.peek().is_some_and(|next| next.starts_with("    ")) {
                while lines.next_if(|next| next.starts_with("    ") || next.is_empty()).is_some() {}
                continue;
            }
            // They change with each type that gets the trait.
            if let Some(list) = line.find("= help: the following other types implement") {
                while lines.next_if(|next| next.len() > list && next[..=list].trim().is_empty()).is_some() {}
                continue;
            }
            if !is_progress(line) {
                shown.push_str(&without_thread_id(line));
                shown.push('\n');
            }
        }
        squeezed(&shown)
    }
}

fn is_progress(line: &str) -> bool {
    const OF_CARGO: [&str; 11] = [
        "Compiling ",
        "Checking ",
        "Finished ",
        "Running ",
        "Doc-tests ",
        "Locking ",
        "Blocking ",
        "Adding ",
        "Removing ",
        "Updating ",
        "Fresh ",
    ];
    const OF_OTHERS: [&str; 10] = [
        "error: could not compile",
        "error: test failed",
        "error: aborting",
        "warning: build failed",
        "For more information about",
        "Some errors have detailed",
        "running ",
        "test result: ",
        "failures:",
        "note: run with `RUST_BACKTRACE",
    ];
    let word = line.trim_start();
    (line.starts_with(' ') && OF_CARGO.iter().any(|start| word.starts_with(start)))
        || OF_OTHERS.iter().any(|start| line.starts_with(start))
        || line.starts_with("index ") && line.contains("..")
}

/// `thread 'main' (4711) panicked at` without the number.
fn without_thread_id(line: &str) -> String {
    let parts = line.strip_prefix("thread '").and_then(|rest| {
        let (name, rest) = rest.split_once("' (")?;
        Some((name, rest.split_once(") ")?.1))
    });
    parts.map_or_else(|| line.to_owned(), |(name, rest)| format!("thread '{name}' {rest}"))
}

/// Without empty lines at both ends, and one where there were many.
fn squeezed(text: &str) -> String {
    let mut squeezed = String::new();
    for line in text.trim_matches('\n').lines() {
        if !(line.is_empty() && squeezed.ends_with("\n\n")) {
            squeezed.push_str(line.trim_end());
            squeezed.push('\n');
        }
    }
    squeezed
}

/// The folder of this crate.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
