//! Files that are none of a store's, and files that go away.

use std::fs;

use eventsourcing::{
    AppendError, ExpectedVersion, SqliteOptions, SqliteStore, StoreError,
    sqlx::{SqlitePool, raw_sql},
};

use crate::support::{AccountEvent, Directory, append, deposit, migrated, number};

async fn refusal(store: &SqliteStore) -> StoreError {
    let stream = store.stream::<AccountEvent>("account/ada".parse().unwrap());
    match stream.append(ExpectedVersion::Any, deposit(1)).await {
        Err(AppendError::Store(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_file_of_another_program_is_refused_and_left_alone() {
    let directory = Directory::new();
    directory.store().await;
    raw_sql("pragma application_id = 17").execute(&mut directory.stranger().await).await.unwrap();
    let refused = SqliteStore::open(directory.file()).await.unwrap_err();
    assert!(matches!(&refused, StoreError::OtherFile { problem, .. } if problem.contains("0x00000011")), "{refused:?}");
    // One that the application has given it is no other program's.
    let options = SqliteOptions::new().application_id(17);
    SqliteStore::open_with(directory.file(), options).await.unwrap().verify().await.unwrap();

    let text = Directory::new();
    fs::write(text.file(), "no database, but quite some text ".repeat(100)).unwrap();
    let refused = SqliteStore::open(text.file()).await.unwrap_err();
    assert!(matches!(refused, StoreError::OtherFile { .. }), "{refused:?}");
    assert!(fs::read_to_string(text.file()).unwrap().starts_with("no database"));
}

#[tokio::test]
async fn a_migrated_file_says_that_it_is_a_stores() {
    let directory = Directory::new();
    let store = directory.store().await;
    assert_eq!(number(store.pool(), "pragma application_id").await, 0x6576_6e74);
}

#[tokio::test]
async fn another_journal_mode_is_refused_and_not_changed() {
    let directory = Directory::new();
    let mut stranger = directory.pool(|options| options.create_if_missing(true)).acquire().await.unwrap();
    raw_sql("create table theirs (a)").execute(&mut *stranger).await.unwrap();
    let refused = SqliteStore::open(directory.file()).await.unwrap_err();
    assert!(matches!(&refused, StoreError::Unfit { problem } if problem.contains("journal_mode = wal")), "{refused:?}");
    let refused = SqliteStore::new(directory.pool(|options| options)).migrate().await.unwrap_err();
    assert!(matches!(refused, StoreError::Unfit { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_pool_in_which_each_connection_has_its_own_database_is_refused() {
    let store = SqliteStore::new(SqlitePool::connect("sqlite::memory:").await.unwrap());
    let refused = store.migrate().await.unwrap_err();
    assert!(matches!(&refused, StoreError::Unfit { problem } if problem.contains("in_memory()")), "{refused:?}");
}

#[tokio::test]
async fn a_full_disk_is_an_error_that_passes() {
    let directory = Directory::new();
    let store = directory.store().await;
    let pages = number(store.pool(), "pragma page_count").await;
    // The limit is one of each connection, and the writer has the options of the pool.
    let small = SqliteStore::new(directory.pool(|options| options.pragma("max_page_count", (pages + 2).to_string())));
    let large = "x".repeat(20_000);
    let stream = small.stream::<Note>("note/1".parse().unwrap());
    let refused = stream.append(ExpectedVersion::Any, [Note::Written { text: large }]).await.unwrap_err();
    assert!(matches!(&refused, AppendError::Store(error @ StoreError::DiskFull { .. }) if error.is_transient()));
    assert_eq!(append(&small, "ada").await.get(), 1);
    let mut transaction = small.begin().await.unwrap();
    let mut stream = transaction.stream::<Note>("note/1".parse().unwrap());
    let refused = stream.append(ExpectedVersion::Any, [Note::Written { text: "x".repeat(20_000) }]).await.unwrap_err();
    assert!(matches!(&refused, AppendError::Store(StoreError::DiskFull { .. })), "{refused:?}");
    drop(transaction);
    assert_eq!(append(&small, "ada").await.get(), 2);
}

#[derive(Debug, Clone, eventsourcing::Event)]
#[event(prefix = "note", unlocked)]
enum Note {
    Written { text: String },
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_goes_away_is_an_error_until_one_is_there_again() {
    let directory = Directory::new();
    let store = directory.store().await;
    append(&store, "ada").await;
    let aside = directory.file().with_extension("aside");
    let move_all = |from: &std::path::Path, to: &std::path::Path| {
        for end in ["", "-wal", "-shm"] {
            let name = |path: &std::path::Path| format!("{}{end}", path.display());
            if fs::exists(name(from)).unwrap() {
                fs::rename(name(from), name(to)).unwrap();
            }
        }
    };
    move_all(&directory.file(), &aside);
    for _ in 0..2 {
        let refused = refusal(&store).await;
        assert!(matches!(&refused, StoreError::FileReplaced { .. }) && refused.is_transient(), "{refused:?}");
        assert!(matches!(store.verify().await, Err(StoreError::FileReplaced { .. })));
    }
    assert!(!directory.file().exists(), "none is made in its place");
    move_all(&aside, &directory.file());
    assert_eq!(append(&store, "ada").await.get(), 2);
    store.verify().await.unwrap();

    // Another store takes the place: nothing is written into the one that nobody can find any more.
    move_all(&directory.file(), &aside);
    let other = migrated(&directory.file()).await;
    append(&other, "grace").await;
    assert!(matches!(refusal(&store).await, StoreError::FileReplaced { .. }));
    assert_eq!(append(&store, "ada").await.get(), 1);
    assert_eq!(number(store.pool(), "select count(*) from eventsourcing_events").await, 2);
}

#[cfg(unix)]
#[tokio::test]
async fn a_pool_of_the_callers_own_does_not_write_into_a_file_that_was_replaced() {
    let directory = Directory::new();
    directory.store().await;
    let store = SqliteStore::new(directory.pool(|options| options));
    append(&store, "ada").await;
    fs::remove_file(directory.file()).unwrap();
    for _ in 0..2 {
        assert!(matches!(refusal(&store).await, StoreError::FileReplaced { .. }));
    }
}

#[tokio::test]
async fn a_file_that_may_only_be_read_is_read_only() {
    let directory = Directory::new();
    append(&directory.store().await, "ada").await;
    let store = SqliteStore::new(directory.pool(|options| options.read_only(true)));
    store.verify().await.unwrap();
    assert!(matches!(refusal(&store).await, StoreError::ReadOnly));
}
