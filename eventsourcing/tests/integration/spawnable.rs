//! Handles can be shared between threads, and what they do can run in a spawned task, as web frameworks and `tokio::spawn` want.

use std::future::ready;

use eventsourcing::{
    After, Aggregate, AggregateRoot, AppendBatch, Apply, Category, Decide, Event, ExpectedVersion, InTransaction, Log,
    PgStore, Postgres, Projection, Projector, ProjectorStatus, Recorded, Repository, StoreTransaction, Stream,
    StreamId, Subscription,
};
use sqlx::PgConnection;

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "thing", unlocked)]
enum Thing {
    Happened,
}

#[derive(Debug, Default, Aggregate)]
#[aggregate(event = Thing, id = String, category = "thing")]
struct Things;

impl Apply<Thing> for Things {
    fn apply(&mut self, _: &Thing) {}
}

impl Decide<()> for Things {
    type Error = std::fmt::Error;

    fn decide(&self, (): &()) -> Result<Vec<Thing>, std::fmt::Error> {
        Ok(vec![Thing::Happened])
    }
}

#[derive(Debug)]
struct Listing;

impl Projection<Postgres> for Listing {
    const NAME: &'static str = "listing";
    type Event = Thing;
    type Error = sqlx::Error;

    async fn apply(&self, _: &[Recorded<Thing>], connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::query("select 1").execute(connection).await.map(drop)
    }
}

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

async fn set_up(url: String) -> Outcome {
    let store = PgStore::connect(&url).await?;
    store.migrate().await?;
    Ok(store.verify().await?)
}

async fn use_streams(store: PgStore, id: StreamId) -> Outcome {
    let stream = store.stream::<Thing>(id.clone());
    stream.append(ExpectedVersion::Any, [Thing::Happened]).await?;
    stream.read().backwards().limit(1).next().await.transpose()?;
    stream.subscribe(After::Start).await?.next().await?;
    store.all::<Thing>().read().next().await.transpose()?;
    store.category::<Thing>(Category::from_static("thing")).subscribe(After::End).await?.next_delivery().await?;
    let mut batch = AppendBatch::new();
    batch.add(id, ExpectedVersion::Any, [Thing::Happened])?;
    store.append_batch(batch).await?;
    store.blockers().await?;
    store.verify_history::<Thing>().await?;
    Ok(())
}

async fn use_aggregates(store: PgStore) -> Outcome {
    let things = store.repository::<Things>();
    let mut root = things.load(&"a".to_owned()).await?;
    things.find(&"a".to_owned()).await?;
    root.record(Thing::Happened);
    things.save(&mut root).await?;
    things.execute(&"a".to_owned(), ()).await?;
    store.projector(Listing).run(ready(())).await?;
    if let Some(position) = store.projector_status::<Listing>().position().await? {
        store.projector_status::<Listing>().reached(position).await?;
    }
    Ok(())
}

async fn use_transactions(store: PgStore, id: StreamId) -> Outcome {
    let mut transaction = store.begin().await?;
    transaction.stream::<Thing>(id.clone()).append(ExpectedVersion::Any, [Thing::Happened]).await?;
    transaction.repository::<Things>().execute(&"a".to_owned(), ()).await?;
    sqlx::query("select 1").execute(transaction.connection()).await?;
    transaction.commit().await?;

    let mut own = store.pool().begin().await?;
    let mut inside = store.in_transaction(&mut own);
    inside.stream::<Thing>(id).read().next().await.transpose()?;
    let mut root = inside.repository::<Things>().load(&"a".to_owned()).await?;
    inside.repository::<Things>().save(&mut root).await?;
    Ok(own.commit().await?)
}

fn is_spawnable<F: Future<Output: Send> + Send + 'static>(_: F) {}

#[tokio::test]
async fn every_future_can_be_spawned() {
    let store = || PgStore::new(sqlx::PgPool::connect_lazy("postgres://nowhere.invalid/none").unwrap());
    let id = StreamId::new("thing", 1).unwrap();
    is_spawnable(set_up(String::new()));
    is_spawnable(use_streams(store(), id.clone()));
    is_spawnable(use_aggregates(store()));
    is_spawnable(use_transactions(store(), id));
}

#[test]
fn every_handle_can_be_shared() {
    fn is_shareable<T: Send + Sync + 'static>() {}
    fn is_sendable<T: Send>() {}
    is_shareable::<PgStore>();
    is_shareable::<Stream<Thing>>();
    is_shareable::<Log<Thing>>();
    is_shareable::<Repository<Things>>();
    is_shareable::<AggregateRoot<Things>>();
    is_shareable::<Projector<Listing>>();
    is_shareable::<ProjectorStatus<Listing>>();
    is_sendable::<Subscription<Thing>>();
    is_sendable::<StoreTransaction>();
    is_sendable::<InTransaction<'_>>();
}
