//! A standby of a server, made of a copy of its files, that can be cut off and promoted. It needs no program but the server's.

use std::{
    env, fs,
    io::Write,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use sqlx::{ConnectOptions, Connection, PgConnection, Row, postgres::PgConnectOptions, raw_sql};
use tokio::time::sleep;
use uuid::Uuid;

use super::patiently;

/// How long to wait before a server is asked again whether it has come so far.
const PAUSE: Duration = Duration::from_millis(20);

/// Copies the files `$1` of a running server to `$2/data`. Some of them vanish meanwhile, and are of no use in a copy.
const COPY: &str = r#"cp -R "$1" "$2/data" 2>/dev/null; cd "$2/data" && rm -f postmaster.pid postmaster.opts"#;

/// Writes what it reads as the label of the backup, and makes the copy in `$1/data` follow the server with the sockets `$2`
/// and the port `$3`.
const FOLLOW: &str = r#"
cd "$1/data" && cat >backup_label && : >standby.signal &&
    echo "primary_conninfo = 'host=$2 port=$3 user=postgres'" >>postgresql.auto.conf
"#;

/// Runs the server in `$2/data` with the programs in `$1`, and stops it at once when there is nothing more to read from the
/// test process, however that ends.
const SERVE: &str = r#"
trap '' HUP INT TERM
"$1/postgres" -D "$2/data" -c unix_socket_directories="$2" -c port=5432 -c listen_addresses= &
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
    /// A standby that follows the primary.
    pub(crate) async fn of(primary: &PgConnectOptions) -> Self {
        let mut connection = primary.connect().await.unwrap();
        let setting = "select (select setting from pg_config where name = 'BINDIR'), current_setting('data_directory')";
        let row = sqlx::query(setting).fetch_one(&mut connection).await.unwrap();
        let (programs, data): (String, String) = (row.get(0), row.get(1));
        let sockets = primary.get_socket().expect("the primary listens on a Unix socket").clone();
        let directory = env::temp_dir().join(format!("standby-{}", Uuid::now_v7().simple()));
        fs::create_dir(&directory).unwrap();
        let (owner, this) = (fs::metadata(&sockets).unwrap(), fs::metadata(&directory).unwrap());
        let gives_away = this.uid() != owner.uid();
        if gives_away {
            chown(&directory, Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        let shell = |script: &str, arguments: &[&Path]| {
            let mut command = Command::new("sh");
            command.arg("-c").arg(script).arg("standby").args(arguments).current_dir("/").stdin(Stdio::piped());
            if gives_away {
                command.uid(owner.uid()).gid(owner.gid());
            }
            command
        };

        raw_sql("select pg_backup_start('standby', true)").execute(&mut connection).await.unwrap();
        assert!(shell(COPY, &[Path::new(&data), &directory]).status().unwrap().success());
        let stopped = sqlx::query("select labelfile from pg_backup_stop(false)").fetch_one(&mut connection).await;
        let label: String = stopped.unwrap().get(0);
        let port = primary.get_port().to_string();
        let mut follow = shell(FOLLOW, &[&directory, &sockets, Path::new(&port)]).spawn().unwrap();
        follow.stdin.take().unwrap().write_all(label.as_bytes()).unwrap();
        assert!(follow.wait().unwrap().success());

        let log = fs::File::create(directory.join("log")).unwrap();
        let mut serve = shell(SERVE, &[Path::new(&programs), &directory]);
        let serve = serve.stdout(log.try_clone().unwrap()).stderr(log).process_group(0);
        let supervisor = serve.spawn().unwrap();
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
