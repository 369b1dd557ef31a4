//! A real pgbouncer in transaction mode before the tests' server.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use sqlx::{ConnectOptions, postgres::PgConnectOptions};
use tokio::net::UnixStream;
use uuid::Uuid;

use super::patiently;

/// Runs the pooler until there is nothing more to read from the test process, however that ends.
const SUPERVISOR: &str = "\"$@\" >/dev/null 2>&1 & pooler=$!; trap '' HUP INT TERM; read -r _; kill \"$pooler\"; wait";

/// A pgbouncer with `pool_mode = transaction`, and nothing else set for the library. Each transaction gets another server
/// connection than the last one had, where there is one.
#[derive(Debug)]
pub(crate) struct Pooler {
    directory: PathBuf,
    options: PgConnectOptions,
    supervisor: Child,
}

impl Pooler {
    pub(crate) async fn before(server: &PgConnectOptions) -> Self {
        let program = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"];
        let program = program.into_iter().find(|program| Path::new(program).exists());
        let program = program.expect("no pgbouncer is installed; Debian and Ubuntu: `apt-get install -y pgbouncer`");
        let directory = std::env::temp_dir().join(format!("pooler-{}", Uuid::now_v7().simple()));
        fs::create_dir(&directory).unwrap();
        // The pooler does not run as root; it runs as whoever runs the server, and makes its socket here.
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).unwrap();
        let socket = server.get_socket().cloned();
        let host = socket.as_ref().map_or_else(|| server.get_host().to_owned(), |path| path.display().to_string());
        let settings = format!(
            "[databases]\n* = host={host} port={port} user={user}\n[pgbouncer]\nunix_socket_dir = {directory}\n\
             unix_socket_mode = 0777\nlisten_port = 6432\nauth_type = any\npool_mode = transaction\n\
             default_pool_size = 8\nserver_round_robin = 1\nmax_client_conn = 200\n",
            port = server.get_port(),
            user = server.get_username(),
            directory = directory.display(),
        );
        let file = directory.join("pgbouncer.ini");
        fs::write(&file, settings).unwrap();
        let mut command = Command::new("sh");
        command.arg("-c").arg(SUPERVISOR).arg("supervisor").arg(program).arg(&file);
        if let Some(owner) = socket.map(|path| fs::metadata(path).unwrap()).filter(|_| is_root(&directory)) {
            command.uid(owner.uid()).gid(owner.gid());
        }
        let supervisor = command.stdin(Stdio::piped()).process_group(0).current_dir("/").spawn().unwrap();
        let path = directory.join(".s.PGSQL.6432");
        patiently(async {
            while UnixStream::connect(&path).await.is_err() {
                tokio::task::yield_now().await;
            }
        })
        .await;
        let options = server.clone().socket(&directory).port(6432);
        Self { directory, options, supervisor }
    }

    pub(crate) fn url(&self) -> String {
        self.options.to_url_lossy().to_string()
    }
}

/// Whether what this process makes belongs to root.
fn is_root(made: &Path) -> bool {
    fs::metadata(made).unwrap().uid() == 0
}

impl Drop for Pooler {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}
