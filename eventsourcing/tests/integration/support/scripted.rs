//! A projection that does to each batch what a test tells it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use eventsourcing::{GlobalPosition, PgStore, Postgres, Projection, Projector, ProjectorError, Recorded};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Row, raw_sql};
use tokio::{sync::oneshot, task::JoinHandle};

use super::{account::AccountEvent, patiently};

/// What a user's own error looks like: the driver's stands below it.
#[derive(Debug, thiserror::Error)]
#[error("the journal could not be written")]
pub(crate) struct Unwritten(#[from] sqlx::Error);

/// Writes each event it is given into the table `journal`, after the next statement of its script.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scripted {
    script: Arc<Mutex<VecDeque<String>>>,
}

impl Scripted {
    /// One statement for each of the first batches. `panic` is no statement.
    pub(crate) fn new<S: Into<String>>(script: impl IntoIterator<Item = S>) -> Self {
        let script = script.into_iter().map(Into::into).collect();
        Self { script: Arc::new(Mutex::new(script)) }
    }

    pub(crate) async fn create_journal(pool: &PgPool) {
        raw_sql("create table journal (n bigserial, position bigint not null)").execute(pool).await.unwrap();
    }

    /// The positions in the journal, as they were written.
    pub(crate) async fn journal(pool: &PgPool) -> Vec<i64> {
        let rows = sqlx::query("select position from journal order by n").fetch_all(pool).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// How many of its statements have not run.
    pub(crate) fn left(&self) -> usize {
        self.script.lock().unwrap().len()
    }
}

impl Projection<Postgres> for Scripted {
    const NAME: &'static str = "scripted";
    type Event = AccountEvent;
    type Error = Unwritten;

    async fn apply(&self, batch: &[Recorded<AccountEvent>], connection: &mut PgConnection) -> Result<(), Unwritten> {
        let next = self.script.lock().unwrap().pop_front();
        match next.as_deref() {
            Some("panic") => panic!("as the script says"),
            Some(sql) => {
                raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
            }
            None => {}
        }
        let positions: Vec<i64> = batch.iter().map(|recorded| recorded.position.get()).collect();
        let insert = sqlx::query("insert into journal (position) select unnest($1::bigint[])").bind(positions);
        insert.execute(connection).await?;
        Ok(())
    }
}

/// A projector that runs until it is told to stop.
pub(crate) struct Running<E> {
    stop: oneshot::Sender<()>,
    pub(crate) task: JoinHandle<Result<(), ProjectorError<E>>>,
}

impl<E: std::error::Error + Send + Sync + 'static> Running<E> {
    pub(crate) fn start<P: Projection<Postgres, Error = E>>(projector: Projector<P>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let shutdown = async move { drop(stopped.await) };
        Self { stop, task: tokio::spawn(projector.run(shutdown)) }
    }

    pub(crate) async fn stop(self) -> Result<(), ProjectorError<E>> {
        drop(self.stop);
        patiently(self.task).await.unwrap()
    }

    /// Waits for a position, which is not to come by the projector's end.
    pub(crate) async fn reaches(&mut self, store: &PgStore, position: Option<GlobalPosition>) {
        let status = store.projector_status::<Scripted>();
        tokio::select! {
            ended = &mut self.task => panic!("the projector has ended: {ended:?}"),
            reached = patiently(status.reached(position.unwrap())) => reached.unwrap(),
        }
    }
}
