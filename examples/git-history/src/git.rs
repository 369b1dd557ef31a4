//! Running git: what is asked of it, whatever the user's configuration and environment say. Knows nothing of events.

use std::{
    io,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    task::JoinHandle,
};

use crate::domain::{Entry, Mode, ObjectId, RepoPath};

/// Variables that would lead git to another repository than the one it is asked about.
const FOREIGN: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
];

/// The options of `git log` under which it tells the changes of each commit against its first parent, the oldest commit
/// first, in raw form, whatever is configured.
pub(crate) const LOG: [&str; 14] = [
    "-c",
    "log.showRoot=true",
    "log",
    "--first-parent",
    "--diff-merges=first-parent",
    "--reverse",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-relative",
    "--no-show-signature",
    "--ignore-submodules=none",
    "--encoding=UTF-8",
    "-O/dev/null",
];

/// A repository: a work tree or a bare one.
#[derive(Debug)]
pub(crate) struct Git {
    directory: PathBuf,
    is_partial: bool,
}

impl Git {
    /// The repository in which a directory stands.
    pub(crate) async fn open(directory: &Path) -> Result<Self, GitError> {
        let mut git = Self { directory: directory.to_owned(), is_partial: false };
        git.ask(&["rev-parse", "--git-dir"]).await?;
        let promisors = ["config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$"];
        git.is_partial = git.ask_maybe(&promisors).await?.is_some();
        Ok(git)
    }

    /// Whether file contents may be missing here.
    pub(crate) fn is_partial(&self) -> bool {
        self.is_partial
    }

    /// The commit that is checked out; nothing before the first commit.
    pub(crate) async fn head(&self) -> Result<Option<ObjectId>, GitError> {
        let head = self.ask_maybe(&["rev-parse", "--verify", "--quiet", "HEAD"]).await?;
        head.map(|head| object_id("rev-parse", &head)).transpose()
    }

    /// The first-parent history that ends with a commit.
    pub(crate) async fn chain(&self, head: ObjectId) -> Result<Chain, GitError> {
        let mut commits = self.first_parents(&head)?;
        let mut chain = Chain { root: head.clone(), head, length: 0 };
        while let Some(commit) = commits.next().await? {
            chain.root = object_id("rev-list", &commit)?;
            chain.length += 1;
        }
        Ok(chain)
    }

    /// How many commits a history has up to a commit; nothing when the commit is not one of them.
    pub(crate) async fn place(&self, chain: &Chain, commit: &ObjectId) -> Result<Option<u64>, GitError> {
        let mut commits = self.first_parents(&chain.head)?;
        let mut place = chain.length;
        while let Some(id) = commits.next().await? {
            if id == commit.as_str().as_bytes() {
                return Ok(Some(place));
            }
            place -= 1;
        }
        Ok(None)
    }

    /// The newest commit first.
    fn first_parents(&self, head: &ObjectId) -> Result<Records, GitError> {
        self.records(&["rev-list", "--first-parent", head.as_str()], b'\n')
    }

    /// Every file of a commit.
    pub(crate) fn tree(&self, commit: &ObjectId) -> Result<Tree, GitError> {
        Ok(Tree(self.records(&["ls-tree", "-r", "-z", "--full-tree", commit.as_str()], 0)?))
    }

    /// What git answers, without the last line break.
    async fn ask(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        let command = verb(arguments);
        let output = self.command(arguments).output().await.map_err(GitError::run)?;
        if !output.status.success() {
            return Err(GitError::Failed { command, complaints: trimmed(&output.stderr) });
        }
        Ok(output.stdout.trim_ascii_end().to_vec())
    }

    /// The same, where git may as well have no answer: it then ends with code 1.
    async fn ask_maybe(&self, arguments: &[&str]) -> Result<Option<Vec<u8>>, GitError> {
        let output = self.command(arguments).output().await.map_err(GitError::run)?;
        match output.status.code() {
            Some(0) => Ok(Some(output.stdout.trim_ascii_end().to_vec())),
            Some(1) => Ok(None),
            _ => Err(GitError::Failed { command: verb(arguments), complaints: trimmed(&output.stderr) }),
        }
    }

    /// What git writes, record after record, as fast as they are taken.
    pub(crate) fn records(&self, arguments: &[&str], end: u8) -> Result<Records, GitError> {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(GitError::run)?;
        let (Some(output), Some(errors)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(GitError::run(io::ErrorKind::BrokenPipe.into()));
        };
        let output = BufReader::with_capacity(1 << 16, output);
        Ok(Records { command: verb(arguments), output, end, child, complaints: tokio::spawn(listen(errors)) })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        for name in FOREIGN {
            command.env_remove(name);
        }
        // History as it was committed, without replacements and grafts.
        command.env("GIT_NO_REPLACE_OBJECTS", "1").env("GIT_GRAFT_FILE", "/dev/null");
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
        command.arg("-C").arg(&self.directory).args(["-c", "advice.graftFileDeprecated=false"]);
        command.args(arguments).stdin(Stdio::null());
        command
    }
}

/// The subcommand among the arguments.
fn verb(arguments: &[&str]) -> String {
    let verb = arguments.iter().find(|argument| !argument.starts_with('-') && !argument.contains('='));
    verb.map_or_else(String::new, |verb| (*verb).to_owned())
}

/// All that git complains about is taken from it, so that it never waits, and the beginning is kept.
async fn listen(mut errors: impl AsyncRead + Unpin) -> String {
    let mut complaints = Vec::new();
    // What cannot be read cannot be told.
    let _ = (&mut errors).take(8 << 10).read_to_end(&mut complaints).await;
    let _ = tokio::io::copy(&mut errors, &mut tokio::io::sink()).await;
    trimmed(&complaints)
}

fn trimmed(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// A first-parent history, known by its ends.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) root: ObjectId,
    pub(crate) head: ObjectId,
    /// How many commits.
    pub(crate) length: u64,
}

/// The output of a running git, cut into records.
#[derive(Debug)]
pub(crate) struct Records {
    command: String,
    output: BufReader<ChildStdout>,
    end: u8,
    child: Child,
    complaints: JoinHandle<String>,
}

impl Records {
    /// The next record, without its end; nothing after the last one, when git has ended well.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, GitError> {
        let mut record = Vec::new();
        self.output.read_until(self.end, &mut record).await.map_err(GitError::run)?;
        if record.pop_if(|byte| *byte == self.end).is_some() {
            return Ok(Some(record));
        }
        let status = self.child.wait().await.map_err(GitError::run)?;
        if status.success() && record.is_empty() {
            return Ok(None);
        }
        let complaints = (&mut self.complaints).await.unwrap_or_default();
        Err(GitError::Failed { command: self.command.clone(), complaints })
    }
}

/// The files of a commit.
#[derive(Debug)]
pub(crate) struct Tree(Records);

impl Tree {
    /// The next file.
    pub(crate) async fn next(&mut self) -> Result<Option<(RepoPath, Entry)>, GitError> {
        let Some(line) = self.0.next().await? else { return Ok(None) };
        let unknown = || GitError::unexpected("ls-tree", &line);
        // `<mode> SP <type> SP <object> TAB <path>`
        let tab = line.iter().position(|byte| *byte == b'\t').ok_or_else(unknown)?;
        let fields: Vec<&[u8]> = line[..tab].split(|byte| *byte == b' ').collect();
        let &[mode, _, blob] = fields.as_slice() else { return Err(unknown()) };
        let entry = entry(mode, blob).ok_or_else(unknown)?;
        Ok(Some((RepoPath::from_bytes(&line[tab + 1..]), entry)))
    }
}

pub(crate) fn entry(mode: &[u8], blob: &[u8]) -> Option<Entry> {
    Some(Entry { mode: Mode::from_octal(mode)?, blob: ObjectId::from_hex(blob)? })
}

fn object_id(command: &str, hex: &[u8]) -> Result<ObjectId, GitError> {
    ObjectId::from_hex(hex).ok_or_else(|| GitError::unexpected(command, hex))
}

/// Why git did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    #[error("git cannot be run: {0}; is it installed, and on `PATH`?")]
    Run(io::Error),
    #[error("`git {command}` has failed: {complaints}")]
    Failed { command: String, complaints: String },
    #[error("`git {command}` says what is not understood: {output:?}")]
    Unexpected { command: String, output: String },
}

impl GitError {
    fn run(error: io::Error) -> Self {
        Self::Run(error)
    }

    pub(crate) fn unexpected(command: &str, output: &[u8]) -> Self {
        Self::Unexpected { command: command.to_owned(), output: String::from_utf8_lossy(output).into_owned() }
    }
}
