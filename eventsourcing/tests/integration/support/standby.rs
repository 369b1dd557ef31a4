//! A standby of a server, made with `pg_basebackup`, that can be promoted.

use std::{
    env, fs,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use sqlx::{ConnectOptions, Connection, PgConnection, Row, postgres::PgConnectOptions, raw_sql};
use tokio::time::sleep;
use uuid::Uuid;

use super::patiently;

/// How long to wait before a server is asked again whether it has come so far.
const PAUSE: Duration = Duration::from_millis(20);

/// Copies the server `$2` (a directory of sockets) to `$3/data` with the programs in `$1`, follows it, and stops at once when
/// there is nothing more to read from the test process, however that ends.
const SUPERVISOR: &str = r#"
trap '' HUP INT TERM
"$1/pg_basebackup" -h "$2" -p "$4" -U postgres -D "$3/data" -R -X stream -c fast --no-sync || exit
"$1/postgres" -D "$3/data" -c unix_socket_directories="$3" -c port=5432 -c listen_addresses= &
server=$!
read -r _
kill -s QUIT "$server"
wait "$server"
"#;

/// A server that follows another one; gone, as in a crash, when it is dropped.
#[derive(Debug)]
pub(crate) struct Standby {
    directory: PathBuf,
    options: PgConnectOptions,
    supervisor: Child,
}

impl Standby {
    /// A standby that follows the primary and has caught up with it.
    pub(crate) async fn of(primary: &PgConnectOptions) -> Self {
        let mut connection = primary.connect().await.unwrap();
        let programs = sqlx::query("select setting from pg_config where name = 'BINDIR'");
        let programs: String = programs.fetch_one(&mut connection).await.unwrap().get(0);
        let sockets = primary.get_socket().expect("the primary listens on a Unix socket").clone();
        let directory = env::temp_dir().join(format!("standby-{}", Uuid::now_v7().simple()));
        fs::create_dir(&directory).unwrap();
        let mut command = Command::new("sh");
        command.arg("-c").arg(SUPERVISOR).arg("supervisor").arg(programs).arg(&sockets).arg(&directory);
        command.arg(primary.get_port().to_string());
        let log = fs::File::create(directory.join("log")).unwrap();
        let (owner, this) = (fs::metadata(&sockets).unwrap(), fs::metadata(&directory).unwrap());
        if this.uid() != owner.uid() {
            chown(&directory, Some(owner.uid()), Some(owner.gid())).unwrap();
            command.uid(owner.uid()).gid(owner.gid());
        }
        command.stdin(Stdio::piped()).stdout(log.try_clone().unwrap()).stderr(log);
        let supervisor = command.process_group(0).current_dir("/").spawn().unwrap();
        let options = primary.clone().socket(&directory).port(5432);
        let mut standby = Self { directory, options, supervisor };
        standby.until_it_follows(connection).await;
        standby
    }

    async fn until_it_follows(&mut self, mut connection: PgConnection) {
        let follows = "select count(*) from pg_stat_replication where state = 'streaming'";
        patiently(async {
            while sqlx::query(follows).fetch_one(&mut connection).await.unwrap().get::<i64, _>(0) == 0
                || self.options.connect().await.is_err()
            {
                let ended = self.supervisor.try_wait().unwrap();
                assert!(ended.is_none(), "{}", fs::read_to_string(self.directory.join("log")).unwrap_or_default());
                sleep(PAUSE).await;
            }
        })
        .await;
        connection.close().await.unwrap();
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

    /// How to connect to it.
    pub(crate) fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    pub(crate) async fn connect(&self) -> PgConnection {
        self.options.connect().await.unwrap()
    }

    /// Makes it a primary, on a timeline of its own.
    pub(crate) async fn promote(&self) {
        let mut connection = self.connect().await;
        raw_sql("select pg_promote()").execute(&mut connection).await.unwrap();
        self.until("select not pg_is_in_recovery()").await;
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}
