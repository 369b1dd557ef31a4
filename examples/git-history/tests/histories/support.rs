//! Repositories, databases, and the program.

use std::{
    cell::Cell,
    env,
    ffi::{OsStr, OsString},
    fs,
    hash::{BuildHasher, RandomState},
    io::Write,
    os::unix::ffi::OsStringExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use eventsourcing::testing::database_url_or_private;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row,
    postgres::{PgConnectOptions, PgRow},
    raw_sql,
};

/// A directory that goes away with its handle.
#[derive(Debug)]
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> Self {
        let path = env::temp_dir().join(format!("git-history-{}", unique()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // What stays there is in the directory for temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn unique() -> String {
    format!("{:016x}", RandomState::new().hash_one("unique"))
}

/// A repository, with authors and times that are always the same.
#[derive(Debug)]
pub(crate) struct Repository {
    directory: Directory,
    seconds: Cell<u64>,
}

impl Repository {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(options: &[&str]) -> Self {
        let repository = Self { directory: Directory::new(), seconds: Cell::new(1_000_000_000) };
        repository.git(&[&["init", "--quiet", "--initial-branch=main"], options].concat());
        repository
    }

    /// A clone, over the transport of remote repositories.
    pub(crate) fn cloned(&self, options: &[&str]) -> Self {
        self.git(&["config", "uploadpack.allowFilter", "true"]);
        let clone = Self { directory: Directory::new(), seconds: self.seconds.clone() };
        let url = format!("file://{}", self.path().display());
        clone.git(&[&["clone", "--quiet"], options, &[&url, "."]].concat());
        clone
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_with(arguments, &[])
    }

    /// Runs git with something to read, and gives what it says.
    pub(crate) fn git_with(&self, arguments: &[&str], input: &[u8]) -> String {
        self.seconds.set(self.seconds.get() + 60);
        let date = format!("{} +0200", self.seconds.get());
        let mut git = Command::new("git");
        git.envs(env::vars_os().filter(|(name, _)| !name.to_string_lossy().starts_with("GIT_")));
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
            git.env_remove(name);
        }
        git.envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("LC_ALL", "C")]);
        git.envs([("GIT_AUTHOR_NAME", "Ada"), ("GIT_AUTHOR_EMAIL", "ada@example.org"), ("GIT_AUTHOR_DATE", &date)]);
        git.envs([("GIT_COMMITTER_NAME", "Grace"), ("GIT_COMMITTER_EMAIL", "g@example.org")]);
        git.env("GIT_COMMITTER_DATE", &date).current_dir(self.path()).args(arguments);
        let mut git = git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let written = git.stdin.take().unwrap().write_all(input);
        let output = git.wait_with_output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        written.unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Writes a file, and its directories.
    pub(crate) fn write(&self, path: impl AsRef<[u8]>, content: &str) {
        let path = self.path().join(OsString::from_vec(path.as_ref().to_vec()));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).unwrap();
    }

    /// Swaps two files.
    pub(crate) fn swap(&self, one: &str, other: &str) {
        let [one, other, aside] = [one, other, "aside"].map(|name| self.path().join(name));
        fs::rename(&one, &aside).unwrap();
        fs::rename(&other, &one).unwrap();
        fs::rename(&aside, &other).unwrap();
    }

    /// Commits everything as it is in the work tree; also when nothing has changed.
    pub(crate) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.commit_index();
    }

    /// Commits what has been staged.
    pub(crate) fn commit_index(&self) {
        self.git(&["commit", "--quiet", "--allow-empty", "--message=a commit"]);
    }

    /// Stages an entry without a file in the work tree.
    pub(crate) fn stage(&self, mode: &str, object: &str, path: &str) {
        self.git(&["update-index", "--add", "--cacheinfo", &format!("{mode},{object},{path}")]);
    }

    /// Stores a blob, and gives its id.
    pub(crate) fn blob(&self, content: &str) -> String {
        self.git_with(&["hash-object", "-w", "--stdin"], content.as_bytes())
    }
}

/// A database of its own, dropped with its handle.
#[derive(Debug)]
pub(crate) struct Database {
    server: PgConnectOptions,
    name: String,
}

impl Database {
    pub(crate) async fn new() -> Self {
        let server: PgConnectOptions = database_url_or_private().unwrap().parse().unwrap();
        let database = Self { server, name: format!("git_history_{}", unique()) };
        let mut connection = database.server.connect().await.unwrap();
        let sql = format!("create database {} template template0 encoding 'UTF8'", database.name);
        raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        database
    }

    pub(crate) fn url(&self) -> String {
        self.server.clone().database(&self.name).to_url_lossy().to_string()
    }

    pub(crate) async fn connect(&self) -> PgConnection {
        self.server.clone().database(&self.name).connect().await.unwrap()
    }

    /// The rows of a query in the schema of the only repository that was imported.
    pub(crate) async fn query(&self, sql: &str) -> Vec<PgRow> {
        let mut connection = self.connect().await;
        let schema = self.schema(&mut connection).await;
        raw_sql(AssertSqlSafe(format!("set search_path = {schema}"))).execute(&mut connection).await.unwrap();
        let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        rows
    }

    pub(crate) async fn schema(&self, connection: &mut PgConnection) -> String {
        let sql = r"select nspname::text from pg_namespace where nspname like 'git\_history\_%'";
        sqlx::query(sql).fetch_one(connection).await.unwrap().get(0)
    }

    /// The events of the paths as `tag path`, in their order; a new line for each commit.
    pub(crate) async fn story(&self) -> Vec<String> {
        let sql = r"
            select string_agg(substr(tag, 6) || ' ' || substr(stream_id, 6), ', ' order by position)
                filter (where tag like 'path.%')
            from events group by correlation_id order by min(position)";
        let rows = self.query(sql).await;
        rows.iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default()).collect()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A runtime of its own, because the test's waits here.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut connection = server.connect().await?;
                let sql = format!("drop database if exists {name} with (force)");
                raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
                connection.close().await
            })
        });
        // A private server takes its databases with it.
        let _ = dropped.join();
    }
}

/// What a run of the program has come to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) is_success: bool,
    pub(crate) output: String,
    pub(crate) errors: String,
}

impl Outcome {
    /// The run has succeeded and says so in its last line; gives the output.
    pub(crate) fn verified(self) -> String {
        assert!(self.is_success && self.output.ends_with("\nverified\n"), "{self:#?}");
        self.output
    }

    /// The run has failed with these words.
    pub(crate) fn failed(self, words: &[&str]) {
        assert!(!self.is_success && !self.output.contains("verified"), "{self:#?}");
        for word in words {
            assert!(self.errors.contains(word), "{word:?} is not in {self:#?}");
        }
    }
}

/// The program, ready to run.
pub(crate) fn program(repository: impl AsRef<OsStr>, database: &Database) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_git-history"));
    program.arg(repository).arg("--url").arg(database.url()).stdin(Stdio::null());
    program
}

pub(crate) fn run(repository: impl AsRef<OsStr>, database: &Database) -> Outcome {
    outcome(&mut program(repository, database))
}

pub(crate) fn outcome(program: &mut Command) -> Outcome {
    let output = program.output().unwrap();
    Outcome {
        is_success: output.status.success(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Imports and verifies the repository into a new database, and gives what happened in each commit.
pub(crate) async fn story(repository: &Repository) -> Vec<String> {
    let database = Database::new().await;
    run(repository.path(), &database).verified();
    database.story().await
}
