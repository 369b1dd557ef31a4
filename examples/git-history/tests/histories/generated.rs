//! Long histories, made with `git fast-import`.

use std::{fmt::Write as _, thread, time::Duration};

use sqlx::{AssertSqlSafe, Connection, Row};
use tokio::time::sleep;

use super::support::{Database, Repository, program, run};

/// A repository of this many commits on the way of first parents, always the same: most change a few of 2,500 files, some
/// rename or delete, every tenth merges a branch of its own, and some change nothing.
fn generated(commits: u64) -> Repository {
    let repository = Repository::new();
    let mut script = String::new();
    let mut random = Random(7);
    let mut next_file = 2_500;
    for commit in 0..commits {
        let is_merge = commit % 10 == 9;
        if is_merge {
            begin(&mut script, "side", commit, "from refs/heads/main\n");
            change(&mut script, &mut random, next_file);
        }
        begin(&mut script, "main", commit, if is_merge { "merge refs/heads/side\n" } else { "" });
        match commit % 10 {
            _ if commit == 0 => (0..next_file).for_each(|file| modify(&mut script, file, file)),
            3 => {
                let file = random.below(next_file);
                modify(&mut script, file, commit);
                let _ = writeln!(script, "R {} {}", path(file), path(next_file));
                next_file += 1;
            }
            // A merge takes over what its branch did.
            9 => change(&mut script, &mut random, next_file),
            7 => {
                let file = random.below(next_file);
                let _ = writeln!(script, "D {}", path(file));
            }
            5 => {}
            _ => (0..3).for_each(|_| change(&mut script, &mut random, next_file)),
        }
    }
    repository.git_with(&["fast-import", "--quiet", "--force"], script.as_bytes());
    repository
}

fn begin(script: &mut String, branch: &str, commit: u64, parents: &str) {
    let (time, author) = (1_000_000_000 + commit * 60, commit % 23);
    // Writing to a `String` cannot fail.
    let _ = write!(
        script,
        "commit refs/heads/{branch}\nauthor Author {author} <{author}@example.org> {time} +0000\n\
         committer C <c@example.org> {time} +0000\ndata 0\n{parents}"
    );
}

fn change(script: &mut String, random: &mut Random, files: u64) {
    let (file, content) = (random.below(files), random.below(1 << 40));
    modify(script, file, content);
}

fn modify(script: &mut String, file: u64, content: u64) {
    let content = format!("file {file}\nhas content {content}\n");
    let _ = write!(script, "M 100644 inline {}\ndata {}\n{content}\n", path(file), content.len());
}

fn path(file: u64) -> String {
    format!("directory-{}/part-{}/file-{file}.txt", file % 17, file % 5)
}

/// Numbers that look random and are always the same (Marsaglia, "Xorshift RNGs").
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

#[tokio::test]
async fn an_import_that_is_killed_goes_on_later() {
    let (repository, database) = (generated(2_000), Database::new().await);
    let mut first = program(repository.path(), &database).stdout(std::process::Stdio::null()).spawn().unwrap();
    let root = repository.git(&["rev-list", "--max-parents=0", "HEAD"]);
    let begun = format!("select from git_history_{}.events limit 1", &root[..16]);
    let mut connection = database.connect().await;
    // Until there is a table, asking for its rows is an error.
    while !matches!(sqlx::query(AssertSqlSafe(begun.clone())).fetch_optional(&mut connection).await, Ok(Some(_))) {
        assert_eq!(first.try_wait().unwrap(), None, "it has ended before it has imported anything");
        sleep(Duration::from_millis(2)).await;
    }
    connection.close().await.unwrap();
    first.kill().unwrap();
    assert!(!first.wait().unwrap().success(), "it was not killed in the middle");
    let output = run(repository.path(), &database).verified();
    assert!(output.contains("2,000 commits, "), "{output}");

    // The log has the commits in the order of git.
    let commits = database.query("select correlation_id from events group by 1 order by min(position)").await;
    let log = repository.git(&["rev-list", "--first-parent", "--reverse", "HEAD"]);
    assert!(log.lines().eq(commits.iter().map(|row| row.get::<&str, _>(0))), "the order differs");
    let mixed =
        "select from (select correlation_id, lag(correlation_id) over (order by position) as before from events) e
        where before is distinct from correlation_id";
    assert_eq!(database.query(mixed).await.len(), commits.len(), "the events of commits are mixed");
}

#[tokio::test]
async fn imports_at_the_same_time_do_not_harm_each_other() {
    let (repository, database) = (generated(300), Database::new().await);
    let path = repository.path();
    let outcomes: Vec<_> = thread::scope(|scope| {
        let runs: Vec<_> = (0..3).map(|_| scope.spawn(|| run(path, &database))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    for outcome in outcomes {
        if outcome.is_success {
            outcome.verified();
        } else {
            outcome.failed(&["is another import running?"]);
        }
    }
    run(repository.path(), &database).verified();
}

/// For measuring: `cargo test -p git-history --release -- --ignored --nocapture forty`.
#[tokio::test]
#[ignore = "takes a minute"]
async fn forty_thousand_commits() {
    let (repository, database) = (generated(40_000), Database::new().await);
    println!("{}", run(repository.path(), &database).verified());
}
