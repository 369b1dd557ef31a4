//! A proxy between a store and its server that counts round trips and knows what each of them was for.

use std::{
    collections::HashMap,
    io,
    path::PathBuf,
    str,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use sqlx::{
    ConnectOptions,
    postgres::{PgConnectOptions, PgSslMode},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split},
    net::{TcpStream, UnixListener, UnixStream},
    sync::{Notify, watch},
    task::{JoinHandle, yield_now},
};
use uuid::Uuid;

/// What a client sent before it waited for the server to be ready again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RoundTrip {
    /// The types of its messages, such as `BES` for Bind, Execute, Sync.
    pub(crate) messages: String,
    /// The statements it parsed, ran, or bound parameters to.
    pub(crate) sql: Vec<String>,
}

/// Relays connections of clients to a server; gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Proxy {
    directory: PathBuf,
    options: PgConnectOptions,
    trips: Arc<Mutex<Vec<RoundTrip>>>,
    in_pieces: Arc<AtomicBool>,
    to_lose: Arc<AtomicUsize>,
    upstream: Arc<Mutex<PgConnectOptions>>,
    frozen: watch::Sender<usize>,
    breaks_at: Arc<Mutex<Option<&'static str>>>,
    loses: Arc<Mutex<Option<&'static str>>>,
    broken: Arc<Notify>,
    open: Arc<AtomicUsize>,
    accepts: JoinHandle<()>,
}

impl Proxy {
    pub(crate) fn before(server: &PgConnectOptions) -> Self {
        let directory = std::env::temp_dir().join(format!("proxy-{}", Uuid::now_v7().simple()));
        std::fs::create_dir(&directory).unwrap();
        let listener = UnixListener::bind(directory.join(".s.PGSQL.5432")).unwrap();
        let trips = Arc::new(Mutex::new(Vec::new()));
        let in_pieces = Arc::new(AtomicBool::new(false));
        let to_lose = Arc::new(AtomicUsize::new(0));
        let (breaks_at, broken) = (Arc::<Mutex<Option<&'static str>>>::default(), Arc::<Notify>::default());
        let (open, loses) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<Option<&'static str>>>::default());
        let losing = Arc::clone(&loses);
        let (lost, breaking, breaks) = (Arc::clone(&to_lose), Arc::clone(&breaks_at), Arc::clone(&broken));
        let counted = Arc::clone(&open);
        let (log, pieces) = (Arc::clone(&trips), Arc::clone(&in_pieces));
        let upstream = Arc::new(Mutex::new(server.clone()));
        let target = Arc::clone(&upstream);
        let frozen = watch::Sender::new(0);
        let freezes = frozen.subscribe();
        let accepts = tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let session = Session {
                    trips: Arc::clone(&log),
                    in_pieces: Arc::clone(&pieces),
                    to_lose: Arc::clone(&lost),
                    breaks_at: Arc::clone(&breaking),
                    loses: Arc::clone(&losing),
                    ..Session::default()
                };
                let (upstream, breaks, open) =
                    (target.lock().unwrap().clone(), Arc::clone(&breaks), Arc::clone(&counted));
                let freezes = freezes.clone();
                open.fetch_add(1, Ordering::SeqCst);
                // A connection that breaks is the client's business.
                tokio::spawn(async move {
                    tokio::select! {
                        _ = until_frozen(relay(client, upstream, session), freezes) => {}
                        () = breaks.notified() => {}
                    }
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        let options = server.clone().socket(&directory).port(5432).ssl_mode(PgSslMode::Disable);
        Self {
            directory,
            options,
            trips,
            in_pieces,
            to_lose,
            upstream,
            frozen,
            breaks_at,
            loses,
            broken,
            open,
            accepts,
        }
    }

    /// How to connect to the database through the proxy.
    pub(crate) fn url(&self) -> String {
        self.options.to_url_lossy().to_string()
    }

    /// Whether to pass on what the server says byte by byte. On a runtime of one thread the client then wakes up for each.
    pub(crate) fn in_pieces(&self, in_pieces: bool) {
        self.in_pieces.store(in_pieces, Ordering::SeqCst);
    }

    /// Breaks the connection of each of the next writes after the server has done it and before the client knows.
    pub(crate) fn lose_answers(&self, writes: usize) {
        self.to_lose.store(writes, Ordering::SeqCst);
    }

    /// Stops relaying what goes over the connections that are open now, in both directions, and closes none of them: as a
    /// peer that has vanished without a word. New connections work.
    pub(crate) fn freeze(&self) {
        self.frozen.send_modify(|freezes| *freezes += 1);
    }

    /// Leads the connections that are opened from now on to another server.
    pub(crate) fn lead_to(&self, server: &PgConnectOptions) {
        *self.upstream.lock().unwrap() = server.clone();
    }

    /// Breaks the connection after the next statement that contains this text, before the client knows.
    pub(crate) fn lose_answer_to(&self, text: &'static str) {
        *self.loses.lock().unwrap() = Some(text);
    }

    /// How many answers are still to be lost.
    pub(crate) fn left_to_lose(&self) -> usize {
        self.to_lose.load(Ordering::SeqCst)
    }

    /// Breaks each connection on which a client sends this text, before the server has it; until the next call.
    pub(crate) fn break_at(&self, text: Option<&'static str>) {
        *self.breaks_at.lock().unwrap() = text;
    }

    /// Breaks every connection, as the end of the server does; new ones can be opened.
    pub(crate) async fn break_all(&self) {
        self.broken.notify_waiters();
        while self.open.load(Ordering::SeqCst) > 0 {
            yield_now().await;
        }
    }

    /// The round trips since the last call, those that opened connections left out.
    pub(crate) fn take(&self) -> Vec<RoundTrip> {
        std::mem::take(&mut *self.trips.lock().unwrap())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepts.abort();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// What is known of one connection.
#[derive(Default)]
struct Session {
    trips: Arc<Mutex<Vec<RoundTrip>>>,
    in_pieces: Arc<AtomicBool>,
    to_lose: Arc<AtomicUsize>,
    breaks_at: Arc<Mutex<Option<&'static str>>>,
    loses: Arc<Mutex<Option<&'static str>>>,
    statements: HashMap<String, String>,
    is_open: bool,
    current: RoundTrip,
}

impl Session {
    fn client_sends(&mut self, kind: u8, body: &[u8]) {
        self.current.messages.push(char::from(kind));
        let mut texts = body.split(|byte| *byte == 0).map(|text| str::from_utf8(text).unwrap_or_default().to_owned());
        let mut text = || texts.next().unwrap_or_default();
        match kind {
            b'P' => {
                let (name, sql) = (text(), text());
                self.statements.insert(name, sql.clone());
                self.current.sql.push(sql);
            }
            b'B' => {
                let (_portal, name) = (text(), text());
                self.current.sql.extend(self.statements.get(&name).cloned());
            }
            b'Q' => self.current.sql.push(text()),
            _ => {}
        }
    }

    /// Whether the connection is to break at this message.
    fn breaks_at(&self, message: &[u8]) -> bool {
        let text = *self.breaks_at.lock().unwrap();
        text.is_some_and(|text| message.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes())))
    }

    /// Whether this answer is one to lose.
    fn loses_answer(&self) -> bool {
        let is_named = |text: &mut &str| self.current.sql.iter().any(|sql| sql.contains(*text));
        if self.loses.lock().unwrap().take_if(|text| is_named(text)).is_some() {
            return true;
        }
        let is_write =
            self.current.messages.contains('E') && self.current.sql.iter().any(|sql| sql.contains("insert into"));
        let one_less = |left: usize| left.checked_sub(1);
        is_write && self.to_lose.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok()
    }

    fn server_is_ready(&mut self) {
        let trip = std::mem::take(&mut self.current);
        if self.is_open {
            self.trips.lock().unwrap().push(trip);
        }
        self.is_open = true;
    }
}

async fn until_frozen(
    relay: impl Future<Output = io::Result<()>>,
    mut freezes: watch::Receiver<usize>,
) -> io::Result<()> {
    let before = *freezes.borrow_and_update();
    let mut relay = std::pin::pin!(relay);
    let is_frozen = async move { freezes.wait_for(|freezes| *freezes > before).await.map(drop) };
    tokio::select! {
        ended = &mut relay => ended,
        // What relays stays, and with it its sockets.
        _ = is_frozen => std::future::pending().await,
    }
}

async fn relay(client: UnixStream, server: PgConnectOptions, session: Session) -> io::Result<()> {
    if let Some(directory) = server.get_socket() {
        let socket = directory.join(format!(".s.PGSQL.{}", server.get_port()));
        return relay_to(client, UnixStream::connect(socket).await?, session).await;
    }
    let stream = TcpStream::connect((server.get_host(), server.get_port())).await?;
    relay_to(client, stream, session).await
}

async fn relay_to<S>(client: UnixStream, server: S, session: Session) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite,
{
    let (from_client, to_client) = split(client);
    let (from_server, to_server) = split(server);
    let session = Mutex::new(session);
    // Either end closes both.
    tokio::select! {
        ended = client_to_server(from_client, to_server, &session) => ended,
        ended = server_to_client(from_server, to_client, &session) => ended,
    }
}

async fn client_to_server(
    mut client: impl AsyncRead + Unpin,
    mut server: impl AsyncWrite + Unpin,
    session: &Mutex<Session>,
) -> io::Result<()> {
    // The first message has no type.
    let mut length = [0; 4];
    client.read_exact(&mut length).await?;
    server.write_all(&message(&mut client, length).await?).await?;
    loop {
        let kind = client.read_u8().await?;
        client.read_exact(&mut length).await?;
        let message = message(&mut client, length).await?;
        {
            let mut session = session.lock().unwrap();
            if session.breaks_at(&message) {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            session.client_sends(kind, &message[4..]);
        }
        server.write_all(&[&[kind], &message[..]].concat()).await?;
    }
}

async fn server_to_client(
    mut server: impl AsyncRead + Unpin,
    mut client: impl AsyncWrite + Unpin,
    session: &Mutex<Session>,
) -> io::Result<()> {
    loop {
        let kind = server.read_u8().await?;
        let mut length = [0; 4];
        server.read_exact(&mut length).await?;
        let message = [&[kind], &message(&mut server, length).await?[..]].concat();
        let in_pieces = {
            let mut session = session.lock().unwrap();
            if kind == b'Z' {
                if session.loses_answer() {
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
                session.server_is_ready();
            }
            session.in_pieces.load(Ordering::SeqCst)
        };
        for piece in message.chunks(if in_pieces { 1 } else { message.len() }) {
            client.write_all(piece).await?;
            if in_pieces {
                yield_now().await;
            }
        }
    }
}

/// The rest of a message, its length before it.
async fn message(from: &mut (impl AsyncRead + Unpin), length: [u8; 4]) -> io::Result<Vec<u8>> {
    let body = usize::try_from(u32::from_be_bytes(length)).unwrap().checked_sub(4).ok_or(io::ErrorKind::InvalidData)?;
    let mut message = length.to_vec();
    message.resize(4 + body, 0);
    from.read_exact(&mut message[4..]).await?;
    Ok(message)
}
