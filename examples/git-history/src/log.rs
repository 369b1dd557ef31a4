//! The changes of each commit, read from `git log` one commit at a time.

use crate::{
    domain::{Entry, ObjectId, PathEvent, RepoPath},
    git::{Git, GitError, LOG, Records, entry},
};

/// A commit, and what it changed against its first parent.
#[derive(Debug)]
pub(crate) struct Commit {
    pub(crate) id: ObjectId,
    /// `Name <address>`.
    pub(crate) author: String,
    /// When its author says it was written, in ISO 8601 with the author's own time zone.
    pub(crate) author_time: String,
    /// At most one for each path.
    pub(crate) changes: Vec<(RepoPath, PathEvent)>,
}

/// The commits of a history, the oldest first. Holds one of them in memory.
#[derive(Debug)]
pub(crate) struct Commits {
    records: Records,
    /// The record that was read beyond the commit before.
    ahead: Option<Vec<u8>>,
}

impl Git {
    /// The commits up to `head`, without those up to `after`.
    pub(crate) fn commits(&self, head: &ObjectId, after: Option<&ObjectId>) -> Result<Commits, GitError> {
        let range = after.map_or_else(|| head.to_string(), |after| format!("{after}..{head}"));
        // Where contents are missing, only those that did not change can be recognised; beyond a thousand files that come and
        // as many that go, git compares no contents either. What it does not see as renamed is deleted and added.
        let renames = if self.is_partial() { "-M100%" } else { "-M50%" };
        let mut arguments = LOG.to_vec();
        arguments.extend([renames, "-l1000", "--format=%H%x00%an <%ae>%x00%aI", &range, "--"]);
        Ok(Commits { records: self.records(&arguments, 0)?, ahead: None })
    }
}

impl Commits {
    /// The next commit; nothing after the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Commit>, GitError> {
        let id = match self.ahead.take() {
            Some(id) => id,
            None => match self.records.next().await? {
                Some(id) => id,
                None => return Ok(None),
            },
        };
        let id = ObjectId::from_hex(&id).ok_or_else(|| GitError::unexpected("log", &id))?;
        let author = self.text().await?;
        let author_time = self.text().await?;
        let mut changes = Vec::new();
        while let Some(record) = self.records.next().await? {
            // A line break stands between a commit and its first change.
            let Some(change) = record.trim_ascii_start().strip_prefix(b":") else {
                self.ahead = Some(record);
                break;
            };
            self.change(change, &mut changes).await?;
        }
        Ok(Some(Commit { id, author, author_time, changes }))
    }

    /// `<old mode> SP <new mode> SP <old object> SP <new object> SP <status>`, then the path, or both.
    async fn change(&mut self, change: &[u8], changes: &mut Vec<(RepoPath, PathEvent)>) -> Result<(), GitError> {
        let unknown = || GitError::unexpected("log", change);
        let fields: Vec<&[u8]> = change.split(|byte| *byte == b' ').collect();
        let &[_, mode, _, blob, status] = fields.as_slice() else { return Err(unknown()) };
        let entry = || entry(mode, blob).ok_or_else(unknown);
        let path = RepoPath::from_bytes(&self.field().await?);
        match status.first() {
            Some(b'A') => changes.push(added(path, entry()?)),
            Some(b'M') => changes.push((path, PathEvent::Modified { entry: entry()? })),
            Some(b'T') => changes.push((path, PathEvent::TypeChanged { entry: entry()? })),
            Some(b'D') => changes.push((path, PathEvent::Deleted)),
            Some(b'C') => changes.push(added(RepoPath::from_bytes(&self.field().await?), entry()?)),
            Some(b'R') => {
                let to = RepoPath::from_bytes(&self.field().await?);
                let begin = PathEvent::RenamedFrom { from: path.clone(), path: to.clone(), entry: entry()? };
                changes.push((path, PathEvent::RenamedTo { to: to.clone() }));
                changes.push((to, begin));
            }
            _ => return Err(unknown()),
        }
        Ok(())
    }

    async fn text(&mut self) -> Result<String, GitError> {
        Ok(String::from_utf8_lossy(&self.field().await?).into_owned())
    }

    async fn field(&mut self) -> Result<Vec<u8>, GitError> {
        self.records.next().await?.ok_or_else(|| GitError::unexpected("log", b"an end in the middle of a commit"))
    }
}

fn added(path: RepoPath, entry: Entry) -> (RepoPath, PathEvent) {
    (path.clone(), PathEvent::Added { path, entry })
}
