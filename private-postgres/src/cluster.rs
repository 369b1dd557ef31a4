//! A throw-away Postgres cluster. Knows nothing of drivers: it hands out URLs.

use std::{
    env,
    fmt::Write as _,
    fs,
    hash::{BuildHasher, RandomState},
    io::{self, BufRead, BufReader, Write},
    os::unix::{
        fs::{DirBuilderExt, MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use super::{binaries, error::ClusterError};

const SUPERVISOR: &str = include_str!("supervisor.sh");

/// The longest path of a directory in which every Unix can open a socket named `.s.PGSQL.5432`.
const MAX_DIRECTORY: usize = 80;

/// A throw-away Postgres cluster, started from the programs that are installed on this machine: those in the directory
/// that `PG_BIN` names, or on `PATH`, or where distributions put them.
///
/// It listens on a socket in a directory of its own, accessible to this user (and root) only, where everybody is trusted.
/// Started by root, it runs as `postgres` or `nobody`. It goes away with its directory when it is dropped, or when this process
/// ends, however that ends: a small shell beside the server waits for it.
///
/// ```
/// use private_postgres::PrivateCluster;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cluster = PrivateCluster::start()?;
/// println!("psql '{}'", cluster.url("postgres"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct PrivateCluster {
    directory: PathBuf,
    supervisor: Mutex<Supervisor>,
}

impl PrivateCluster {
    /// Starts a cluster that is quick and forgets everything in a power cut. It takes less than a second.
    ///
    /// # Errors
    ///
    /// When no Postgres is installed, or only one that is too old, and when it does not start; the error then has the
    /// end of its log.
    ///
    /// # Example
    ///
    /// ```
    /// use private_postgres::PrivateCluster;
    ///
    /// let cluster = PrivateCluster::start()?;
    /// assert!(cluster.directory().is_dir());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start() -> Result<Self, ClusterError> {
        ClusterOptions::new().start()
    }

    /// The cluster of this process, started by the first call. It goes away when the process ends.
    ///
    /// # Errors
    ///
    /// Those of [`start`](Self::start), the same at each call: it is tried once.
    ///
    /// # Example
    ///
    /// ```
    /// use private_postgres::PrivateCluster;
    ///
    /// let url = PrivateCluster::shared()?.url("postgres");
    /// assert_eq!(PrivateCluster::shared()?.url("postgres"), url);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shared() -> Result<&'static Self, &'static ClusterError> {
        static SHARED: OnceLock<Result<PrivateCluster, ClusterError>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// The URL of one of the cluster's databases, for its superuser. `postgres` is a database that always exists; any
    /// other is for the caller to create.
    ///
    /// ```
    /// use private_postgres::PrivateCluster;
    ///
    /// let cluster = PrivateCluster::start()?;
    /// assert!(cluster.url("my shop").starts_with("postgres:///my%20shop?host="));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn url(&self, database: &str) -> String {
        let host = percent_encode(&self.directory.to_string_lossy());
        let database = percent_encode(database);
        format!("postgres:///{database}?host={host}&port=5432&user=postgres&sslmode=disable")
    }

    /// The directory that holds everything of the cluster, its socket included. It is removed with the cluster.
    ///
    /// ```
    /// use private_postgres::PrivateCluster;
    ///
    /// let cluster = PrivateCluster::start()?;
    /// let log = std::fs::read_to_string(cluster.directory().join("log"))?;
    /// assert!(log.contains("ready to accept connections"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Stops the server as a crash would (`pg_ctl stop -m immediate`): connections break, and the next start is a
    /// recovery. Nothing happens when it is stopped already.
    ///
    /// # Errors
    ///
    /// When the shell beside the server does not answer.
    ///
    /// # Example
    ///
    /// ```
    /// use private_postgres::PrivateCluster;
    ///
    /// let cluster = PrivateCluster::start()?;
    /// cluster.stop_immediate()?;
    /// cluster.restart()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn stop_immediate(&self) -> Result<(), ClusterError> {
        self.supervisor().order(Order::Stop)
    }

    /// Starts the server again, after stopping it as [`stop_immediate`](Self::stop_immediate) does when it is running.
    /// The URLs stay the same.
    ///
    /// # Errors
    ///
    /// When the server does not start again; the error has the end of its log.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use private_postgres::PrivateCluster;
    ///
    /// let cluster = PrivateCluster::start()?;
    /// cluster.restart()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn restart(&self) -> Result<(), ClusterError> {
        let mut supervisor = self.supervisor();
        supervisor.order(Order::Stop)?;
        supervisor.order(Order::Start)
    }

    fn supervisor(&self) -> MutexGuard<'_, Supervisor> {
        // Each order leaves the supervisor ready for the next one.
        self.supervisor.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a [`PrivateCluster`] is set up.
///
/// ```
/// use private_postgres::ClusterOptions;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cluster = ClusterOptions::new().durable().setting("log_statement", "all").start()?;
/// cluster.restart()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    settings: Vec<(String, String)>,
}

impl Default for ClusterOptions {
    fn default() -> Self {
        let settings = [
            ("listen_addresses", ""),
            ("port", "5432"),
            ("max_connections", "300"),
            ("max_prepared_transactions", "64"),
            ("timezone", "UTC"),
            ("fsync", "off"),
            ("full_page_writes", "off"),
        ];
        Self { settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into() }
    }
}

impl ClusterOptions {
    /// Quick, not durable, room for 300 connections and 64 prepared transactions.
    ///
    /// ```no_run
    /// use private_postgres::ClusterOptions;
    ///
    /// let cluster = ClusterOptions::new().start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Flushes what is committed to the disk, as Postgres does unless told otherwise: for measurements.
    ///
    /// ```no_run
    /// use private_postgres::ClusterOptions;
    ///
    /// let cluster = ClusterOptions::new().durable().start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn durable(self) -> Self {
        self.setting("fsync", "on").setting("full_page_writes", "on")
    }

    /// A setting of the server, as in `postgresql.conf`, but without quotes. The last one of a name wins.
    ///
    /// ```
    /// use private_postgres::ClusterOptions;
    ///
    /// let cluster = ClusterOptions::new().setting("log_statement", "all").setting("max_connections", "20").start()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// Makes the cluster and starts it.
    ///
    /// # Errors
    ///
    /// Those of [`PrivateCluster::start`]; a setting that the server does not know is one of them.
    ///
    /// # Example
    ///
    /// ```
    /// use private_postgres::ClusterOptions;
    ///
    /// assert!(ClusterOptions::new().setting("no_such_setting", "on").start().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start(self) -> Result<PrivateCluster, ClusterError> {
        let binaries = binaries::find()?;
        let home = Home::create()?;
        let mut text = String::new();
        let socket = ("unix_socket_directories".to_owned(), home.directory.to_string_lossy().into_owned());
        for (name, value) in self.settings.into_iter().chain([socket]) {
            // Writing to a `String` cannot fail.
            let _ = writeln!(text, "{name} = '{}'", value.replace('\'', "''"));
        }
        fs::write(home.directory.join("settings"), text).map_err(ClusterError::io("write its settings"))?;
        home.give_away()?;
        let mut supervisor = home.spawn_supervisor(&binaries)?;
        supervisor.order(Order::Init)?;
        supervisor.order(Order::Start)?;
        Ok(PrivateCluster { directory: home.keep(), supervisor: Mutex::new(supervisor) })
    }
}

/// The directory of a cluster, removed when nobody takes it over.
struct Home {
    directory: PathBuf,
    run_as: Option<(u32, u32)>,
    is_ours: bool,
}

impl Home {
    /// In the directory for temporary files, or in `/tmp` when that cannot hold a cluster.
    fn create() -> Result<Self, ClusterError> {
        let mut failure = ClusterError::NoDirectory;
        for parent in [env::temp_dir(), PathBuf::from("/tmp")].iter().filter(|parent| holds_a_socket(parent)) {
            match Self::create_in(parent) {
                Ok(home) if home.run_as.is_none() || is_open(parent) => return Ok(home),
                Ok(_) => {}
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    fn create_in(parent: &Path) -> Result<Self, ClusterError> {
        let failed = ClusterError::io("make its directory");
        let directory = parent.join(format!("postgres-{:016x}", RandomState::new().hash_one("directory")));
        fs::DirBuilder::new().mode(0o700).create(&directory).map_err(failed)?;
        let mut home = Self { directory, run_as: None, is_ours: true };
        let owner = home.directory.metadata().map_err(failed)?.uid();
        if owner == 0 {
            home.run_as = Some(binaries::unprivileged()?);
        }
        Ok(home)
    }

    fn give_away(&self) -> Result<(), ClusterError> {
        let Some((user, group)) = self.run_as else { return Ok(()) };
        [self.directory.clone(), self.directory.join("settings")]
            .iter()
            .try_for_each(|path| chown(path, Some(user), Some(group)))
            .map_err(ClusterError::io("give its directory to an unprivileged user"))
    }

    fn spawn_supervisor(&self, binaries: &Path) -> Result<Supervisor, ClusterError> {
        let mut command = Command::new("sh");
        command.arg("-c").arg(SUPERVISOR).arg("supervisor").arg(binaries).arg(&self.directory);
        // Variables of Postgres mean other servers; those of the locale change what programs say.
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C").current_dir("/");
        // A process group of its own: what interrupts or kills the group of this process must not reach it.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some((user, group)) = self.run_as {
            command.uid(user).gid(group);
        }
        let mut process = command.spawn().map_err(ClusterError::io("start its supervisor"))?;
        let answers = process.stdout.take().map(BufReader::new);
        Ok(Supervisor { orders: process.stdin.take(), answers, process, log: self.directory.join("log") })
    }

    fn keep(mut self) -> PathBuf {
        self.is_ours = false;
        self.directory.clone()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.is_ours {
            // The supervisor may have been quicker, and there is nobody to tell.
            let _ = fs::remove_dir_all(&self.directory);
        }
    }
}

fn holds_a_socket(parent: &Path) -> bool {
    parent.is_absolute() && parent.as_os_str().len() + "/postgres-0123456789abcdef".len() <= MAX_DIRECTORY
}

/// Whether another user can reach what is in a directory, and remove what is its own from there.
fn is_open(parent: &Path) -> bool {
    let admits = |path: &Path, bits| path.metadata().is_ok_and(|metadata| metadata.mode() & bits == bits);
    admits(parent, 0o003) && parent.ancestors().all(|ancestor| admits(ancestor, 0o001))
}

/// The shell that runs the server, and ends with it when we do.
#[derive(Debug)]
struct Supervisor {
    process: Child,
    orders: Option<ChildStdin>,
    answers: Option<BufReader<ChildStdout>>,
    log: PathBuf,
}

#[derive(Debug, Clone, Copy)]
enum Order {
    Init,
    Start,
    Stop,
}

impl Supervisor {
    fn order(&mut self, order: Order) -> Result<(), ClusterError> {
        let (verb, task) = match order {
            Order::Init => ("init\n", "initialise"),
            Order::Start => ("start\n", "start"),
            Order::Stop => ("stop\n", "stop"),
        };
        match self.ask(verb) {
            Ok(answer) if answer.trim_end() == "0" => Ok(()),
            Ok(_) => Err(ClusterError::Failed { task, log: self.end_of_log() }),
            Err(source) => Err(ClusterError::Io { task, source }),
        }
    }

    fn ask(&mut self, verb: &str) -> io::Result<String> {
        let (Some(orders), Some(answers)) = (&mut self.orders, &mut self.answers) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        orders.write_all(verb.as_bytes())?;
        let mut answer = String::new();
        answers.read_line(&mut answer)?;
        Ok(answer)
    }

    fn end_of_log(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        drop(self.orders.take());
        // When it has ended, the server and its directory are gone.
        let _ = self.process.wait();
    }
}

fn percent_encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::percent_encode;

    #[test]
    fn what_means_something_in_a_url_is_encoded() {
        assert_eq!(percent_encode("/tmp/a b?&%é"), "%2Ftmp%2Fa%20b%3F%26%25%C3%A9");
    }
}
