//! Listening for the announcements of other processes.

use std::{convert::Infallible, sync::Arc, time::Duration};

use sqlx::{
    PgPool,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::{sync::Notify, task::JoinHandle, time::timeout};

use super::super::{adapter::Postgres, channel::Channel};
use crate::{backoff::Backoff, vocabulary::Chain};

/// Listens for the announcements of other processes, on a connection of its own that comes back by itself.
#[derive(Debug)]
pub(super) struct Listener {
    notified: Arc<Notify>,
    task: JoinHandle<()>,
}

impl Listener {
    pub(super) fn listen(store: &Postgres) -> Self {
        let notified = Arc::new(Notify::new());
        let options = store.pool.connect_options();
        let (notify, channel) = (Arc::clone(&notified), Arc::clone(&store.channel));
        let patience = store.options.answer_timeout;
        let task = tokio::spawn(async move {
            let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(patience);
            let pool = pool.connect_lazy_with((*options).clone());
            let mut backoff = Backoff::for_database();
            loop {
                let Err(error) = relay(&pool, &channel, &notify, patience, &mut backoff).await;
                tracing::debug!(
                    error = %Chain(&error),
                    "not listening for wake-ups of other processes; events are found by polling"
                );
                backoff.wait().await;
            }
        });
        Self { notified, task }
    }

    pub(super) async fn notified(&self) {
        self.notified.notified().await;
    }
}

/// Passes on what is announced. Once in the time that the server may take to answer, it is asked for one: a connection on
/// which nobody speaks says nothing when its other end is gone.
async fn relay(
    pool: &PgPool,
    channel: &Channel,
    notify: &Notify,
    patience: Duration,
    backoff: &mut Backoff,
) -> Result<Infallible, sqlx::Error> {
    let mut listener = answered(patience, PgListener::connect_with(pool)).await?;
    // A connection that is lost ends this, and a new one is opened by whoever called, with a pause.
    listener.eager_reconnect(false);
    answered(patience, listener.listen(&channel.name)).await?;
    backoff.reset();
    // Something may have been missed while nobody listened.
    notify.notify_one();
    loop {
        match timeout(patience, listener.try_recv()).await {
            Ok(Ok(Some(notification))) if notification.payload() == channel.sender => {}
            Ok(Ok(Some(_))) => notify.notify_one(),
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

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}
