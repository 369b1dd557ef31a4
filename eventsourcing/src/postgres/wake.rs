//! Wake-ups for other processes: notifications sent beside the appends, never inside them, because commits that notify
//! wait for each other instance-wide. They are hints; polling is the truth.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{
    PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::{sync::Notify, task::JoinHandle, time::timeout};

use super::{Postgres, sql::SchemaName};
use crate::{backoff::Backoff, record::EventId, store::Via};

pub(super) const NOTIFY: &str = "select pg_catalog.pg_notify($1, $2)";

/// At most one notification goes out in this time, however many appends there are.
const DEBOUNCE: Duration = Duration::from_millis(10);
/// A hint that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// The channel of a store. A name of fixed length, whatever the schema is called.
pub(super) fn channel(schema: &SchemaName) -> String {
    let hash = schema
        .as_str()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("eventsourcing_{hash:016x}")
}

/// Tells other processes that the log has grown.
#[derive(Debug)]
pub(super) struct Announcer {
    channel: String,
    /// Tells the notifications of this store from those of others: its own readers have been woken already.
    sender: String,
    is_due: AtomicBool,
    is_running: AtomicBool,
}

impl Announcer {
    pub(super) fn new(channel: String) -> Self {
        let sender = EventId::new().to_string();
        Self { channel, sender, is_due: AtomicBool::new(false), is_running: AtomicBool::new(false) }
    }

    /// Sends a notification soon. Outside of a runtime nothing is sent, and readers find the events by polling.
    pub(super) fn announce(self: &Arc<Self>, store: &Postgres) {
        self.is_due.store(true, Ordering::SeqCst);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if !self.is_running.swap(true, Ordering::SeqCst) {
            let guard = Running(Arc::clone(self));
            let store = store.clone();
            runtime.spawn(async move {
                let announcer = Arc::clone(&guard.0);
                announcer.run(&store).await;
                drop(guard);
                // Who became due after the last look saw a running task, and started none.
                if announcer.is_due.load(Ordering::SeqCst) {
                    announcer.announce(&store);
                }
            });
        }
    }

    async fn run(&self, store: &Postgres) {
        while self.is_due.swap(false, Ordering::SeqCst) {
            let notify = store.sql.notify.query().bind(self.channel.clone()).bind(self.sender.clone());
            let sent = timeout(PATIENCE, store.execute(Via::Store, notify)).await;
            if !matches!(sent, Ok(Ok(_))) {
                tracing::debug!(?sent, "the wake-up for other processes was not sent; they find the events by polling");
            }
            tokio::time::sleep(DEBOUNCE).await;
        }
    }
}

/// Lets the next announcement start a new task, also when this one ends with its runtime.
struct Running(Arc<Announcer>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.is_running.store(false, Ordering::SeqCst);
    }
}

/// Listens for the announcements of other processes, on a connection of its own that comes back by itself.
#[derive(Debug)]
pub(super) struct Ears {
    heard: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Ears {
    pub(super) fn listen(store: &Postgres) -> Self {
        let heard = Arc::new(Notify::new());
        let options = store.pool.connect_options();
        let (ring, announcer) = (Arc::clone(&heard), Arc::clone(&store.announcer));
        let patience = store.options.answer_timeout;
        let task = tokio::spawn(async move {
            let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(patience);
            let pool = pool.connect_lazy_with((*options).clone());
            let mut backoff = Backoff::for_database();
            loop {
                let Err(error) = relay(&pool, &announcer, &ring, patience, &mut backoff).await;
                tracing::debug!(%error, "not listening for wake-ups of other processes; events are found by polling");
                backoff.wait().await;
            }
        });
        Self { heard, task }
    }

    pub(super) async fn heard(&self) {
        self.heard.notified().await;
    }
}

/// Rings for what is announced. Once in the time that the server may take to answer, it is asked for one: a connection on
/// which nobody speaks says nothing when its other end is gone.
async fn relay(
    pool: &PgPool,
    announcer: &Announcer,
    ring: &Notify,
    patience: Duration,
    backoff: &mut Backoff,
) -> Result<Infallible, sqlx::Error> {
    let mut listener = answered(patience, PgListener::connect_with(pool)).await?;
    // A connection that is lost ends this, and a new one is opened by whoever called, with a pause.
    listener.eager_reconnect(false);
    answered(patience, listener.listen(&announcer.channel)).await?;
    backoff.reset();
    // Something may have been missed while nobody listened.
    ring.notify_one();
    loop {
        match timeout(patience, listener.try_recv()).await {
            Ok(Ok(Some(notification))) if notification.payload() == announcer.sender => {}
            Ok(Ok(Some(_))) => ring.notify_one(),
            Ok(Ok(None)) => return Err(sqlx::Error::Io(std::io::ErrorKind::ConnectionAborted.into())),
            Ok(Err(error)) => return Err(error),
            Err(_) => {
                answered(patience, sqlx::query("select").execute(&mut listener)).await?;
            }
        }
    }
}

async fn answered<T>(
    patience: Duration,
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    timeout(patience, answer).await.unwrap_or_else(|_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())))
}

impl Drop for Ears {
    fn drop(&mut self) {
        self.task.abort();
    }
}
