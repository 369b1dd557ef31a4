//! A gate between clients and a server: it lets through, breaks, freezes, and can lead to another server.

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use sqlx::{ConnectOptions, postgres::PgConnectOptions};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
    task::JoinHandle,
};
use uuid::Uuid;

/// Relays connections to a server that listens on a Unix socket; gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Gate {
    directory: PathBuf,
    options: PgConnectOptions,
    server: Arc<Mutex<PathBuf>>,
    state: watch::Sender<State>,
    accepts: JoinHandle<()>,
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// Connections of an earlier one are broken.
    era: u64,
    /// Nothing is relayed, and nothing is closed.
    is_frozen: bool,
}

impl Gate {
    pub(crate) fn before(server: &PgConnectOptions) -> Self {
        let directory = std::env::temp_dir().join(format!("gate-{}", Uuid::now_v7().simple()));
        std::fs::create_dir(&directory).unwrap();
        let listener = UnixListener::bind(directory.join(".s.PGSQL.5432")).unwrap();
        let (state, states) = watch::channel(State::default());
        let upstream = Arc::new(Mutex::new(socket(server)));
        let server_of = Arc::clone(&upstream);
        let accepts = tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let server = server_of.lock().unwrap().clone();
                // A connection that breaks is the client's business.
                tokio::spawn(relay(client, server, states.clone()));
            }
        });
        let options = server.clone().socket(&directory).port(5432);
        Self { directory, options, server: upstream, state, accepts }
    }

    pub(crate) fn url(&self) -> String {
        self.options.to_url_lossy().to_string()
    }

    /// Breaks every connection.
    pub(crate) fn break_all(&self) {
        self.state.send_modify(|state| state.era += 1);
    }

    /// Stops relaying, or goes on with it.
    pub(crate) fn freeze(&self, is_frozen: bool) {
        self.state.send_modify(|state| state.is_frozen = is_frozen);
    }

    /// From now on leads to this server; the connections to the other one break.
    pub(crate) fn lead_to(&self, server: &PgConnectOptions) {
        *self.server.lock().unwrap() = socket(server);
        self.break_all();
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.accepts.abort();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn socket(server: &PgConnectOptions) -> PathBuf {
    let directory = server.get_socket().expect("the server listens on a Unix socket");
    directory.join(format!(".s.PGSQL.{}", server.get_port()))
}

async fn relay(client: UnixStream, server: PathBuf, mut states: watch::Receiver<State>) -> io::Result<()> {
    let server = UnixStream::connect(server).await?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let era = states.borrow().era;
    let (there, back) = (states.clone(), states.clone());
    // Either end closes both.
    tokio::select! {
        ended = copy(from_client, to_server, there) => ended,
        ended = copy(from_server, to_client, back) => ended,
        _ = states.wait_for(|state| state.era != era) => Ok(()),
    }
}

async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut states: watch::Receiver<State>) -> io::Result<()> {
    let mut buffer = vec![0; 16 << 10];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 || states.wait_for(|state| !state.is_frozen).await.is_err() {
            return Ok(());
        }
        to.write_all(&buffer[..read]).await?;
    }
}
