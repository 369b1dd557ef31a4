//! The crates that are measured: in the target folder of the workspace, each with a manifest of its own.

use std::{
    env,
    error::Error,
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use crate::source::{Derives, Types, source};

/// What one measurement works on.
pub(crate) struct Crates {
    folder: PathBuf,
    /// Whether the compiler keeps what it has worked out.
    incremental: bool,
}

impl Crates {
    /// Crates of these types, with their dependencies built.
    pub(crate) fn new(measurement: &str, types: Types, crates: &[(&str, Derives)]) -> Result<Self, Box<dyn Error>> {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).ok_or("no workspace")?;
        let made = Self { folder: workspace.join("target/compile-cost").join(measurement), incremental: false };
        for (name, derives) in crates {
            made.package(workspace, name, &source(types, *derives))?;
            made.cargo(name, &[if types == Types::Flat { "build" } else { "check" }])?;
        }
        Ok(made)
    }

    /// The same, compiled incrementally from now on.
    pub(crate) fn incremental(
        measurement: &str,
        types: Types,
        crates: &[(&str, Derives)],
    ) -> Result<Self, Box<dyn Error>> {
        Ok(Self { incremental: true, ..Self::new(measurement, types, crates)? })
    }

    fn package(&self, workspace: &Path, name: &str, source: &str) -> Result<(), Box<dyn Error>> {
        let path = self.path(name);
        fs::create_dir_all(path.join("src"))?;
        let manifest = format!(
            r#"[package]
name = "{name}"
version = "0.0.0"
edition = "2024"

[dependencies]
eventsourcing = {{ path = "{}", default-features = false, features = ["lock", "macros"] }}
serde = {{ version = "1", features = ["derive"] }}
serde_json = "1"

[workspace]
"#,
            workspace.join("eventsourcing").display()
        );
        fs::write(path.join("Cargo.toml"), manifest)?;
        fs::copy(workspace.join("Cargo.lock"), path.join("Cargo.lock"))?;
        fs::write(path.join("src/lib.rs"), source)?;
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Locks the events of a crate; how many lines the lock has.
    pub(crate) fn lock(&self, name: &str) -> Result<usize, Box<dyn Error>> {
        self.run(self.command(name, &["test", "events_lock"]).env("EVENTS_LOCK", "write"))?;
        Ok(fs::read_to_string(self.path(name).join("events.lock"))?.lines().count())
    }

    /// Runs cargo in a crate, quietly.
    pub(crate) fn cargo(&self, name: &str, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
        self.run(&mut self.command(name, arguments))
    }

    fn command(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(arguments)
            .arg("--quiet")
            .current_dir(self.path(name))
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_INCREMENTAL", if self.incremental { "1" } else { "0" })
            .stdout(Stdio::null());
        command
    }

    fn run(&self, command: &mut Command) -> Result<(), Box<dyn Error>> {
        let status = command.status()?;
        if status.success() { Ok(()) } else { Err(format!("{command:?} fails in {}", self.folder.display()).into()) }
    }

    /// Makes cargo compile the crate, and nothing else, anew.
    pub(crate) fn touch(&self, name: &str) -> Result<(), Box<dyn Error>> {
        self.append(name)?.set_modified(SystemTime::now())?;
        Ok(())
    }

    /// Adds a line of code to a crate.
    pub(crate) fn edit(&self, name: &str) -> Result<(), Box<dyn Error>> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
        writeln!(self.append(name)?, "pub const EDIT_{now}: u128 = {now};")?;
        Ok(())
    }

    fn append(&self, name: &str) -> Result<fs::File, Box<dyn Error>> {
        Ok(OpenOptions::new().append(true).open(self.path(name).join("src/lib.rs"))?)
    }

    /// The size of a crate's library in megabytes.
    pub(crate) fn size(&self, name: &str) -> Result<f64, Box<dyn Error>> {
        let library = format!("target/debug/lib{}.rlib", name.replace('-', "_"));
        let bytes = u32::try_from(fs::metadata(self.folder.join(library))?.len())?;
        Ok(f64::from(bytes) / 1e6)
    }
}
