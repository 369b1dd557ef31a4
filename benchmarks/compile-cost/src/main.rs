//! Measures how long the compiler takes over locked events, against the same types with serde's derives only.

mod generate;

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

use generate::{Derives, package};

const CRATES: [(&str, Derives); 3] =
    [("serde-only", Derives::Serde), ("unlocked", Derives::Events), ("locked", Derives::Events)];

fn main() -> Result<(), Box<dyn Error>> {
    let runs = env::args().nth(1).map_or(Ok(5), |runs| runs.parse::<usize>())?.max(1);
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).ok_or("no workspace")?.to_owned();
    let folder = workspace.join("target/compile-cost");
    for (name, derives) in CRATES {
        package(&workspace, &folder, name, derives)?;
        cargo(&folder, name, &["check"])?;
    }
    cargo_with(&folder, "locked", &["test", "events_lock"], &[("EVENTS_LOCK", "write")])?;
    cargo(&folder, "locked", &["check"])?;
    let lock = fs::read_to_string(folder.join("locked/events.lock"))?;
    println!("the lock has {} lines; {runs} runs of each crate, in turn", lock.lines().count());

    let mut times: [Vec<Duration>; CRATES.len()] = Default::default();
    for run in 1..=runs {
        for ((name, _), times) in CRATES.iter().zip(&mut times) {
            touch(&folder.join(name).join("src/lib.rs"))?;
            let start = Instant::now();
            cargo(&folder, name, &["check"])?;
            times.push(start.elapsed());
            println!("run {run}: {name} {:.1} s", start.elapsed().as_secs_f64());
        }
    }
    let [serde, unlocked, locked] = times.map(|times| median(times).as_secs_f64());
    println!("medians: serde-only {serde:.1} s, unlocked {unlocked:.1} s, locked {locked:.1} s");
    println!("locked takes {:.2} times as long as serde-only", locked / serde);
    println!("the comparison with the lock is {:.1} % of it", 100.0 * (locked - unlocked) / locked);
    Ok(())
}

fn cargo(folder: &Path, name: &str, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    cargo_with(folder, name, arguments, &[])
}

/// Runs cargo in a crate, quietly, without incremental compilation.
fn cargo_with(folder: &Path, name: &str, arguments: &[&str], set: &[(&str, &str)]) -> Result<(), Box<dyn Error>> {
    let target: PathBuf = folder.join("target");
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .arg("--quiet")
        .current_dir(folder.join(name))
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .envs(set.iter().copied())
        .stdout(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("cargo {} fails in {name}", arguments.join(" ")).into()) }
}

/// Makes cargo check the crate, and nothing else, anew.
fn touch(source: &Path) -> Result<(), Box<dyn Error>> {
    fs::File::options().append(true).open(source)?.set_modified(SystemTime::now())?;
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
