//! Measures what the compiler does for events, against the same types with serde's derives only.

mod crates;
mod source;

use std::{
    env,
    error::Error,
    time::{Duration, Instant},
};

use crates::Crates;
use source::{Derives, Types};

/// The crates, and what their types derive. Only the last one is locked.
const CRATES: [(&str, Derives); 3] =
    [("serde-only", Derives::Serde), ("unlocked", Derives::Events), ("locked", Derives::Events)];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let what = arguments.next().unwrap_or_else(|| "check".to_owned());
    let runs = arguments.next().map_or(Ok(5), |runs| runs.parse::<usize>())?.max(1);
    match what.as_str() {
        "check" => check(runs),
        "edit" => edit(runs),
        "build" => build(runs),
        other => Err(format!("`{other}` is not one of `check`, `edit` and `build`").into()),
    }
}

/// `cargo check` of a crate alone, from nothing.
fn check(runs: usize) -> Result<(), Box<dyn Error>> {
    let crates = Crates::new("check", Types::Deep, &CRATES)?;
    println!("the lock has {} lines", crates.lock("locked")?);
    let measured = |name: &str| timed(|| crates.cargo(name, &["check"]));
    let [serde, unlocked, locked] = medians(runs, |name| {
        crates.touch(name)?;
        measured(name)
    })?;
    println!("locked takes {:.2} times as long as serde-only", locked / serde);
    println!("the comparison with the lock is {:.1} % of it", 100.0 * (locked - unlocked) / locked);
    Ok(())
}

/// `cargo check` of a crate after an edit of one line, with what the compiler has kept from the last time.
fn edit(runs: usize) -> Result<(), Box<dyn Error>> {
    let crates = Crates::incremental("edit", Types::Deep, &CRATES)?;
    println!("the lock has {} lines", crates.lock("locked")?);
    for (name, _) in CRATES {
        crates.cargo(name, &["check"])?;
    }
    let [serde, _, locked] = medians(runs, |name| {
        crates.edit(name)?;
        timed(|| crates.cargo(name, &["check"]))
    })?;
    println!("locked takes {:.2} times as long as serde-only", locked / serde);
    Ok(())
}

/// `cargo build` of a crate alone, from nothing, and how large its library is.
fn build(runs: usize) -> Result<(), Box<dyn Error>> {
    let crates = Crates::new("build", Types::Flat, &CRATES)?;
    println!("the lock has {} lines", crates.lock("locked")?);
    let [serde, unlocked, locked] = medians(runs, |name| {
        crates.touch(name)?;
        timed(|| crates.cargo(name, &["build"]))
    })?;
    println!("unlocked takes {:.2} times as long as serde-only, locked {:.2}", unlocked / serde, locked / serde);
    let [serde, unlocked, locked] = [crates.size("serde-only")?, crates.size("unlocked")?, crates.size("locked")?];
    println!("sizes: serde-only {serde:.1} MB, unlocked {unlocked:.1} MB, locked {locked:.1} MB");
    println!("unlocked is {:.2} times as large as serde-only, locked {:.2}", unlocked / serde, locked / serde);
    Ok(())
}

/// The median times of the crates in seconds, measured in turn.
fn medians(
    runs: usize,
    measure: impl Fn(&str) -> Result<Duration, Box<dyn Error>>,
) -> Result<[f64; CRATES.len()], Box<dyn Error>> {
    let mut times: [Vec<f64>; CRATES.len()] = Default::default();
    for run in 1..=runs {
        for ((name, _), times) in CRATES.iter().zip(&mut times) {
            let time = measure(name)?.as_secs_f64();
            println!("run {run}: {name} {time:.1} s");
            times.push(time);
        }
    }
    let medians = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    });
    let [serde, unlocked, locked] = medians;
    println!("medians of {runs}: serde-only {serde:.2} s, unlocked {unlocked:.2} s, locked {locked:.2} s");
    Ok(medians)
}

fn timed(work: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}
