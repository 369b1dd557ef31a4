//! Finds the programs of an installed Postgres, and the user that may run them. Knows nothing of clusters.

use std::{
    cmp::Reverse,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::error::ClusterError;

/// The oldest release that is supported.
const OLDEST: u32 = 15;

/// Where distributions install the programs of each release: the parent of the release's directory, and what comes
/// before and after the release in a path.
const INSTALLED: [(&str, &str, &str); 3] =
    [("/usr/lib/postgresql", "", "bin"), ("/usr", "pgsql-", "bin"), ("/opt/homebrew/opt", "postgresql@", "bin")];

/// The directory of `initdb` and `postgres`: the one that `PG_BIN` names, or the first on `PATH`, or the newest installed.
pub(crate) fn find() -> Result<PathBuf, ClusterError> {
    let mut too_old = None;
    for directory in candidates() {
        if !directory.join("initdb").is_file() {
            continue;
        }
        match release(&directory) {
            Some(release) if release >= OLDEST => return Ok(directory),
            Some(release) => too_old = too_old.or(Some(ClusterError::TooOld { directory, release })),
            None => {}
        }
    }
    Err(too_old.unwrap_or(ClusterError::NoPostgres))
}

fn candidates() -> Vec<PathBuf> {
    if let Some(named) = env::var_os("PG_BIN") {
        return vec![named.into()];
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).filter(|directory| directory.is_absolute()).chain(installed()).collect()
}

fn installed() -> Vec<PathBuf> {
    let mut found: Vec<(Reverse<u32>, PathBuf)> = Vec::new();
    for (parent, before, after) in INSTALLED {
        for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let release = name.to_str().and_then(|name| name.strip_prefix(before)?.parse().ok());
            if let Some(release) = release {
                found.push((Reverse(release), entry.path().join(after)));
            }
        }
    }
    found.sort();
    found.into_iter().map(|(_, directory)| directory).collect()
}

/// The major release of the server in a directory.
fn release(directory: &Path) -> Option<u32> {
    let output = Command::new(directory.join("postgres")).arg("--version").output().ok()?;
    parse_release(&String::from_utf8_lossy(&output.stdout))
}

/// Of `postgres (PostgreSQL) 15.18 (Debian 15.18-0)`, 15; of `postgres (PostgreSQL) 19beta1`, 19.
fn parse_release(version: &str) -> Option<u32> {
    let number = version.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The user and group ids under which root runs a server, which refuses to run as root.
pub(crate) fn unprivileged() -> Result<(u32, u32), ClusterError> {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    ["postgres", "nobody"].into_iter().find_map(|name| ids(&users, name)).ok_or(ClusterError::NoUser)
}

fn ids(users: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = users.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?.split(':').skip(1);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{ids, parse_release};

    #[test]
    fn a_release_is_read_from_what_the_server_says() {
        assert_eq!(parse_release("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_release("postgres (PostgreSQL) 19beta1"), Some(19));
        assert_eq!(parse_release("postgres (PostgreSQL) devel"), None);
    }

    #[test]
    fn ids_are_those_of_the_whole_name() {
        let users = "postgres-exporter:x:7:7::/:/bin/sh\npostgres:x:101:104::/:/bin/sh\n";
        assert_eq!(ids(users, "postgres"), Some((101, 104)));
        assert_eq!(ids(users, "nobody"), None);
    }
}
