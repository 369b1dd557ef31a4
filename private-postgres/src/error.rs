//! Why there is no cluster.

use std::{io, path::PathBuf};

/// Why there is no [`PrivateCluster`](crate::PrivateCluster).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// The programs of Postgres are not installed.
    #[error(
        "no Postgres server is installed here (`initdb` and `postgres`); install it (Debian and Ubuntu: `apt-get install -y \
         postgresql`), name the directory of its programs in `PG_BIN`, or name a database in `DATABASE_URL`"
    )]
    NoPostgres,
    /// The installed Postgres is older than the library supports.
    #[error(
        "the Postgres in `{}` is release {release}, and 15 is the oldest supported; install a newer one (Debian and Ubuntu: \
         `apt-get install -y postgresql`), name the directory of its programs in `PG_BIN`, or name a database in `DATABASE_URL`",
        directory.display()
    )]
    TooOld {
        /// The directory of its programs.
        directory: PathBuf,
        /// Its major release.
        release: u32,
    },
    /// Root found no other user to run the server as.
    #[error("Postgres does not run as root, and there is neither a user `postgres` nor a user `nobody` to run it as")]
    NoUser,
    /// No directory for temporary files can hold the cluster.
    #[error(
        "neither the directory for temporary files (`TMPDIR`) nor `/tmp` can hold a private cluster: its path must be short, \
         and every user must be able to write there"
    )]
    NoDirectory,
    /// One of Postgres's programs failed.
    #[error("the private cluster failed to {task}; it said:\n{log}")]
    Failed {
        /// What it was to do.
        task: &'static str,
        /// The end of its log.
        log: String,
    },
    /// The operating system refused something.
    #[error("the private cluster could not {task}")]
    Io {
        /// What was to be done.
        task: &'static str,
        /// Why it was not.
        source: io::Error,
    },
}

impl ClusterError {
    pub(crate) fn io(task: &'static str) -> impl Fn(io::Error) -> Self + Copy {
        move |source| Self::Io { task, source }
    }
}
