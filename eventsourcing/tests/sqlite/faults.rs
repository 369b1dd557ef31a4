//! Rows that no release has written concern those who would have received them.

use eventsourcing::{ReadError, SqliteStore, sqlx::raw_sql};
use futures_util::TryStreamExt;

use crate::support::{AccountEvent, append};

#[tokio::test]
async fn a_row_that_no_release_has_written_is_an_error_where_it_is_wanted() {
    let store = SqliteStore::in_memory().await.unwrap();
    append(&store, "ada").await;
    let mut transaction = store.begin().await.unwrap();
    let odd = "insert into eventsourcing_events
        (stream_id, version, event_id, recorded_at, tag, schema_version, metadata, payload)
        values ('account/grace', 1, randomblob(16), 1, 'account.Deposited', 1, '[]', '{}')";
    raw_sql(odd).execute(transaction.connection()).await.unwrap();
    transaction.commit().await.unwrap();
    let grace = store.stream::<AccountEvent>("account/grace".parse().unwrap());
    let read = grace.read().try_collect::<Vec<_>>().await;
    assert!(matches!(&read, Err(ReadError::Malformed(row)) if row.problem.contains("metadata")), "{read:?}");
    let ada = store.stream::<AccountEvent>("account/ada".parse().unwrap());
    assert_eq!(ada.read().try_collect::<Vec<_>>().await.unwrap().len(), 1);
}
