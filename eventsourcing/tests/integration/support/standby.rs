//! A standby of a private cluster, which a test can cut off and promote.

use std::{
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use eventsourcing::testing::PrivateCluster;
use sqlx::{ConnectOptions, Connection, PgConnection, Row, postgres::PgConnectOptions, raw_sql};
use tokio::time::sleep;

use super::patiently;

/// How long to wait before a server is asked again whether it has come so far.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(20);

/// A standby that follows its primary until it is promoted; stopped when it is dropped, which must be before its primary.
#[derive(Debug)]
pub(crate) struct Standby {
    programs: PathBuf,
    /// In that of the primary, and removed with it.
    directory: PathBuf,
    options: PgConnectOptions,
}

impl Standby {
    /// Copies a running cluster and follows it.
    pub(crate) async fn of(primary: &PrivateCluster) -> Self {
        let options: PgConnectOptions = primary.url("postgres").parse().unwrap();
        let mut connection = options.connect().await.unwrap();
        let programs = sqlx::query("select setting from pg_config where name = 'BINDIR'");
        let programs: String = programs.fetch_one(&mut connection).await.unwrap().get(0);
        let directory = primary.directory().join("standby");
        let standby = Self { programs: programs.into(), options: options.socket(&directory), directory };
        standby.run("mkdir", &[standby.directory.as_os_str().to_str().unwrap()]);
        let (source, data) = (text(primary.directory()), standby.data());
        let copy =
            ["-h", source, "-p", "5432", "-U", "postgres", "-D", &data, "-R", "-X", "stream", "-c", "fast", "-N"];
        standby.run(&standby.program("pg_basebackup"), &copy);
        let options = format!("-c unix_socket_directories={}", text(&standby.directory));
        let log = format!("{}/log", text(&standby.directory));
        standby.run(&standby.program("pg_ctl"), &["start", "-w", "-D", &data, "-o", &options, "-l", &log]);
        standby
    }

    /// How to connect to it.
    pub(crate) fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    pub(crate) async fn connect(&self) -> PgConnection {
        self.options.connect().await.unwrap()
    }

    /// Waits until a statement is true there.
    pub(crate) async fn until(&self, condition: &'static str) {
        let mut connection = self.connect().await;
        patiently(async {
            // What the condition is about may not have come yet.
            while !sqlx::query(condition).fetch_one(&mut connection).await.is_ok_and(|row| row.get(0)) {
                sleep(PAUSE).await;
            }
        })
        .await;
        connection.close().await.unwrap();
    }

    /// From now on it hears nothing more of its primary.
    pub(crate) async fn cut_off(&self) {
        let mut connection = self.connect().await;
        raw_sql("alter system set primary_conninfo = ''").execute(&mut connection).await.unwrap();
        raw_sql("select pg_reload_conf()").execute(&mut connection).await.unwrap();
        self.until("select count(*) = 0 from pg_stat_wal_receiver").await;
    }

    /// Makes it a primary, on a timeline of its own.
    pub(crate) async fn promote(&self) {
        let mut connection = self.connect().await;
        raw_sql("select pg_promote()").execute(&mut connection).await.unwrap();
        self.until("select not pg_is_in_recovery()").await;
    }

    fn data(&self) -> String {
        format!("{}/data", text(&self.directory))
    }

    fn program(&self, name: &str) -> String {
        format!("{}/{name}", text(&self.programs))
    }

    /// As the user who runs the primary.
    fn run(&self, program: &str, arguments: &[&str]) {
        let primary = self.directory.parent().unwrap().metadata().unwrap();
        let mut command = Command::new(program);
        command.args(arguments).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if Path::new("/proc/self").metadata().is_ok_and(|this| this.uid() != primary.uid()) {
            command.uid(primary.uid()).gid(primary.gid());
        }
        assert!(command.status().unwrap().success(), "{program} {arguments:?}");
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        // With the directory of its primary the server has lost its own, and ends by itself.
        if self.directory.exists() {
            self.run(&self.program("pg_ctl"), &["stop", "-m", "immediate", "-D", &self.data()]);
        }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
