//! Turns the first-parent history of a git repository into events in Postgres, makes its files of them again, and compares
//! these with git.

mod domain;
mod git;
mod import;
mod log;
mod totals;
mod verify;

use std::{
    error::Error,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use eventsourcing::{PgOptions, PgStore, testing};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    domain::HistoryEvent,
    git::{Chain, Git},
    import::import,
    totals::Totals,
    verify::verify,
};

eventsourcing::events_lock!(domain::PathEvent, domain::RepositoryEvent, HistoryEvent);

/// The history of a git repository as events in Postgres, and back, verified.
#[derive(Debug, Parser)]
#[command(name = "git-history")]
struct Arguments {
    /// A directory in a work tree, or a bare repository.
    #[arg(default_value = ".")]
    repo: PathBuf,
    /// The database; without it the one that `DATABASE_URL` names, or else a private one that goes away afterwards.
    #[arg(long)]
    url: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("git-history: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let git = Git::open(&arguments.repo).await?;
    let Some(head) = git.head().await? else {
        println!("the repository has no commits yet\nverified");
        return Ok(());
    };
    let chain = git.chain(head).await?;
    println!("{} commits from {} to {}", grouped(chain.length), chain.root, chain.head);

    let url = match arguments.url {
        Some(url) => url,
        None => testing::database_url_or_private()?,
    };
    // Each repository has a store of its own, known by its root commit.
    let schema = format!("git_history_{}", &chain.root.as_str()[..16]);
    let store = PgStore::connect_with(&url, PgOptions::new().schema(&schema)).await?;
    store.migrate().await?;
    println!("the store is in the schema {schema}\n");

    history(&git, &chain, &store, schema).await?;
    println!("\nverified");
    Ok(())
}

/// The phases: import, project, verify.
async fn history(git: &Git, chain: &Chain, store: &PgStore, schema: String) -> Result<(), Box<dyn Error>> {
    let phase = Phase::begin("import", "commits");
    let imported = import(store, git, chain, &phase.progress).await?;
    phase.end(&[("commits", imported.commits), ("events", imported.events)]);

    let phase = Phase::begin("project", "events");
    phase.progress.set_length(imported.events);
    let totals = Totals::new(schema, phase.progress.clone());
    totals.create_tables(store.pool()).await?;
    project(store, totals.clone()).await?;
    let projected = phase.progress.position();
    phase.end(&[("events", projected)]);

    let phase = Phase::begin("verify", "paths");
    let paths = totals.paths(store.pool()).await?;
    let verified = verify(store, git, chain, paths, &phase.progress).await?;
    phase.end(&[("streams", verified.streams), ("events", verified.events)]);

    println!("\nbusiest authors");
    for (author, commits, changes) in totals.busiest_authors(store.pool()).await? {
        println!("  {:>9} commits {:>9} changes  {}", grouped(commits), grouped(changes), printable(&author));
    }
    println!("\nbusiest files");
    for (path, changes) in totals.busiest_paths(store.pool()).await? {
        println!("  {:>9} changes  {path}", grouped(changes));
    }
    println!(
        "\n{} commits, {} streams, {} events, {} files as in HEAD",
        grouped(chain.length),
        grouped(verified.streams + 1),
        grouped(verified.events + chain.length),
        grouped(verified.files),
    );
    Ok(())
}

/// Runs the projection until it has seen everything that is in the store.
async fn project(store: &PgStore, totals: Totals) -> Result<(), Box<dyn Error>> {
    let last = store.all::<HistoryEvent>().read().backwards().limit(1).next().await.transpose()?;
    let Some(last) = last else { return Ok(()) };
    let status = store.projector_status::<Totals>();
    let mut reached = Ok(());
    store.projector(totals).run(async { reached = status.reached(last.position).await }).await?;
    Ok(reached?)
}

/// A part of the work: shows how far it is, on a terminal, and says how long it took.
struct Phase {
    name: &'static str,
    began: Instant,
    progress: ProgressBar,
}

impl Phase {
    fn begin(name: &'static str, unit: &'static str) -> Self {
        let template = format!("{name:<8} {{wide_bar}} {{human_pos}} of {{human_len}} {unit}, {{eta}} left");
        let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self { name, began: Instant::now(), progress: ProgressBar::new(0).with_style(style) }
    }

    fn end(self, counts: &[(&str, u64)]) {
        self.progress.finish_and_clear();
        let elapsed = self.began.elapsed();
        let counts = counts.iter().map(|&(unit, count)| {
            format!("{} {unit} ({} a second)", grouped(count), grouped(a_second(count, elapsed)))
        });
        let counts = counts.collect::<Vec<_>>().join(", ");
        println!("{:<8} {:>6}.{:03} s  {counts}", self.name, elapsed.as_secs(), elapsed.subsec_millis());
    }
}

fn a_second(count: u64, elapsed: Duration) -> u64 {
    let rate = u128::from(count) * 1_000_000 / elapsed.as_micros().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

/// A number with commas between its thousands.
fn grouped(number: impl Into<i128>) -> String {
    let digits = number.into().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Names are written by strangers: nothing in them steers the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_grouped() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
