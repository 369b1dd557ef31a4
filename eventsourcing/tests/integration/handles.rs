//! The public handles fit wherever users put them; that this compiles is the test.

use std::fmt::Debug;

use eventsourcing::{
    After, AggregateRoot, AppendBatch, AppendError, Appended, Events, ExecuteError, Executed, ExpectedVersion,
    GlobalPosition, InTransaction, LoadError, Log, PgOptions, PgStore, Postgres, Projection, Projector, ProjectorError,
    ProjectorStatus, Raw, RawEvents, ReadError, Recorded, Repository, RepositoryIn, RetryPolicy, StoreError,
    StoreTransaction, Stream, StreamIn, Subscription, SubscriptionError,
    port::{CategoryQuery, CheckpointQuery, LogQuery, StreamsQuery},
    postgres::{PgPayload, PgTail},
};
use sqlx::PgConnection;

use crate::support::account::{Account, AccountEvent, Deposit, Insufficient, account, deposits};

/// It is no `Debug` and no `Clone`, which no handle asks for.
struct Silent;

impl Projection<Postgres> for Silent {
    const NAME: &'static str = "silent";
    type Event = AccountEvent;
    type Error = sqlx::Error;

    async fn apply(&self, _: &[Recorded<AccountEvent>], _: &mut PgConnection) -> Result<(), sqlx::Error> {
        Ok(())
    }
}

fn is_state<T: Clone + Debug + Send + Sync + 'static>() {}
fn is_owned<T: Debug + Send + Sync + 'static>() {}
fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
fn is_local<T: Debug + Send>() {}
fn is_send<T: Send>(_: &T) {}

#[test]
fn handles_are_cheap_shared_state() {
    is_state::<PgStore>();
    is_state::<Postgres>();
    is_state::<PgOptions>();
    is_state::<Stream<AccountEvent>>();
    is_state::<Log<AccountEvent>>();
    is_state::<Raw>();
    is_state::<Repository<Account>>();
    is_state::<ProjectorStatus<Silent>>();
    is_state::<AppendBatch>();
    is_state::<RetryPolicy>();
    is_state::<Appended>();
    is_state::<PgPayload>();
}

#[test]
fn what_has_one_owner_moves_between_threads() {
    is_owned::<Subscription<AccountEvent>>();
    is_owned::<Projector<Silent>>();
    is_owned::<StoreTransaction>();
    is_owned::<AggregateRoot<Account>>();
    is_owned::<Executed<Account>>();
    is_owned::<PgTail>();
    is_local::<Events<'static, AccountEvent>>();
    is_local::<Events<'static, AccountEvent, Postgres, GlobalPosition>>();
    is_local::<RawEvents>();
    is_local::<InTransaction<'_>>();
    is_local::<StreamIn<'_, AccountEvent>>();
    is_local::<RepositoryIn<'_, Account>>();
}

#[test]
fn errors_fit_in_boxes() {
    is_error::<StoreError>();
    is_error::<AppendError>();
    is_error::<ReadError>();
    is_error::<LoadError>();
    is_error::<SubscriptionError>();
    is_error::<ExecuteError<Insufficient>>();
    is_error::<ProjectorError<sqlx::Error>>();
}

/// Never called.
#[expect(dead_code, reason = "that it compiles is the test")]
async fn futures_can_be_spawned(store: PgStore, mut connection: PgConnection) {
    let stream = store.stream::<AccountEvent>(account(1));
    is_send(&stream.append(ExpectedVersion::Any, deposits(1)));
    is_send(&stream.subscribe(After::End));
    is_send(&store.all::<AccountEvent>().subscribe(After::End));
    is_send(&store.append_batch(AppendBatch::new()));
    is_send(&store.repository::<Account>().execute(&1, Deposit(1)));
    is_send(&store.projector(Silent).run(std::future::pending()));
    is_send(&store.projector_status::<Silent>().reached(GlobalPosition::new(1).unwrap()));
    is_send(&store.begin());
    is_send(&stream.read().next());
    is_send(&store.raw().log(LogQuery::default()).next());
    is_send(&store.raw().categories(CategoryQuery::new()));
    is_send(&store.raw().streams(StreamsQuery::new()));
    is_send(&store.raw().checkpoints(CheckpointQuery::new()));
    let mut subscription = stream.subscribe(After::End).await.unwrap();
    is_send(&subscription.next());
    is_send(&subscription.next_delivery());
    is_send(&subscription.into_stream());
    let mut inside = store.in_transaction(&mut connection);
    is_send(&inside.append_batch(AppendBatch::new()));
    is_send(&inside.stream::<AccountEvent>(account(1)).append(ExpectedVersion::Any, deposits(1)));
    is_send(&inside.repository::<Account>().execute(&1, Deposit(1)));
}
