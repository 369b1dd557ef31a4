//! What a store says of a server that cannot be reached, and of a pool that has no connection left.

use std::time::Duration;

use eventsourcing::{
    ExpectedVersion::Any,
    PgOptions, Postgres,
    port::{AppendError, Checkpoints, StoreError},
};
use sqlx::{
    ConnectOptions, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::net::TcpListener;

use crate::support::{
    TestDb, patiently,
    port::{append, length, run},
};

/// Where nobody listens.
async fn nowhere() -> PgConnectOptions {
    let port = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    PgConnectOptions::new().host("127.0.0.1").port(port).username("nobody").database("nothing")
}

fn is_refused(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable { source } if source.to_string().contains("refused"))
}

/// It asks itself, where the driver's pool would try for half a minute and say that its time was up.
#[tokio::test]
async fn where_nobody_listens_is_said_at_once() {
    let nowhere = nowhere().await;
    let error = Postgres::connect(nowhere.to_url_lossy().as_str(), PgOptions::new()).await.unwrap_err();
    assert!(is_refused(&error), "{error:?}");
    // A pool that would try for an hour, which is longer than a test waits.
    let pool = PgPoolOptions::new().acquire_timeout(Duration::from_hours(1)).connect_lazy_with(nowhere);
    let error = patiently(Postgres::new(pool).checkpoint("consumer")).await.unwrap_err();
    assert!(is_refused(&error), "{error:?}");
}

/// The server goes away later: the pool waits for it as long as it is told to, and then the reason is said.
#[tokio::test]
async fn a_server_that_went_away_is_no_exhausted_pool() {
    let db = TestDb::new().await;
    let pool = PgPoolOptions::new().max_connections(3).acquire_timeout(Duration::from_secs(2));
    let pool = pool.connect_with(db.options().clone()).await.unwrap();
    let store = Postgres::new(pool.clone());
    run(&store, &append("account/1", Any, 1)).await.unwrap();
    let nowhere = nowhere().await;
    pool.set_connect_options(nowhere);
    close_idle(&pool).await;
    let error = store.checkpoint("consumer").await.unwrap_err();
    assert!(is_refused(&error), "{error:?}");
}

async fn close_idle(pool: &PgPool) {
    while let Some(connection) = pool.try_acquire() {
        connection.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_pool_in_full_use_says_that_nothing_was_sent() {
    let db = TestDb::new().await;
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(2));
    let pool = pool.connect_with(db.options().clone()).await.unwrap();
    let store = Postgres::new(pool.clone());
    let held = pool.acquire().await.unwrap();
    let error = run(&store, &append("account/1", Any, 1)).await.unwrap_err();
    assert!(matches!(&error, AppendError::Store(StoreError::PoolExhausted { connections: 1 })), "{error:?}");
    drop(held);
    run(&store, &append("account/1", Any, 1)).await.unwrap();
    assert_eq!(length(&store, "account/1").await, 1);
}
