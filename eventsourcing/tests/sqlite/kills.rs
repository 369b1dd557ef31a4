//! Processes that append and project on one file are killed at any moment: nothing that was acknowledged is lost, and nothing
//! is stored in part.

use std::{
    collections::BTreeMap,
    future::pending,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use eventsourcing::{ExpectedVersion, GlobalPosition, SqliteOptions, SqliteStore, StreamVersion, sqlx};
use futures_util::TryStreamExt;
use tokio::{task::JoinSet, time::timeout};

use crate::support::{AccountEvent, Balances, Directory, deposit, number};

const FILE: &str = "EVENTSOURCING_TEST_FILE";
/// How many processes are killed; more by this variable.
const KILLS: &str = "EVENTSOURCING_TEST_KILLS";

/// What a process does that will be killed: it is run by the test below, and does nothing in a run of all tests.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_will_be_killed() {
    let Some(file) = std::env::var_os(FILE) else { return };
    let options = SqliteOptions::new().synchronous_normal().busy_timeout(Duration::from_mins(1));
    let store = SqliteStore::open_with(file, options).await.unwrap();
    tokio::spawn(store.projector(Balances).run(pending()));
    let mut writers = JoinSet::<()>::new();
    for writer in 0..4 {
        let store = store.clone();
        writers.spawn(async move {
            let id = format!("account/{}-{writer}", std::process::id());
            let stream = store.stream::<AccountEvent>(id.parse().unwrap());
            let mut expected = ExpectedVersion::NoStream;
            loop {
                // Two events, so that an append could be stored in part.
                let appended = stream.append(expected, [deposit(1), deposit(2)].concat()).await.unwrap();
                let version = appended.version.unwrap();
                expected = ExpectedVersion::Exact(version);
                writeln!(std::io::stdout(), "\nstored {id} {version}").unwrap();
            }
        });
    }
    // One that ends has failed.
    writers.join_next().await.unwrap().unwrap();
}

fn start(file: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "kills::a_process_that_will_be_killed", "--nocapture"]).env(FILE, file);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits for so many acknowledged appends and kills the process; the last version of each stream that it acknowledged.
fn kill_after(mut child: Child, appends: usize, acknowledged: &mut BTreeMap<String, i64>) {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut note = |line: &str| {
        let mut words = line.strip_prefix("stored ")?.split(' ');
        acknowledged.insert(words.next()?.to_owned(), words.next()?.parse().ok()?);
        Some(())
    };
    let seen = lines.by_ref().filter_map(|line| note(&line)).take(appends).count();
    assert_eq!(seen, appends, "the process has ended by itself");
    child.kill().unwrap();
    child.wait().unwrap();
    // The last line may have been cut off.
    let rest: Vec<String> = lines.collect();
    rest.iter().take(rest.len().saturating_sub(1)).for_each(|line| {
        note(line);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_processes_lose_nothing_and_leave_nothing_in_part() {
    let kills: usize = std::env::var(KILLS).map_or(10, |kills| kills.parse().unwrap());
    let directory = Directory::new();
    let store = directory.store().await;
    sqlx::raw_sql(Balances::TABLE).execute(&mut directory.stranger().await).await.unwrap();
    drop(store);
    let file = directory.file();
    let acknowledged = tokio::task::spawn_blocking(move || {
        let mut acknowledged = BTreeMap::new();
        let mut running = start(&file);
        for kill in 0..kills {
            // The next one is running when this one is killed.
            let next = start(&file);
            kill_after(running, kill * 7 % 23 + 1, &mut acknowledged);
            running = next;
        }
        kill_after(running, 1, &mut acknowledged);
        acknowledged
    });
    let acknowledged = acknowledged.await.unwrap();

    let store = directory.store().await;
    store.verify().await.unwrap();
    let integrity: String = sqlx::query_scalar("pragma integrity_check").fetch_one(store.pool()).await.unwrap();
    assert_eq!(integrity, "ok");
    for (stream, version) in &acknowledged {
        let events =
            store.stream::<AccountEvent>(stream.parse().unwrap()).read().try_collect::<Vec<_>>().await.unwrap();
        let versions: Vec<i64> = events.iter().map(|event| StreamVersion::get(event.version)).collect();
        assert_eq!(versions, (1..=i64::try_from(versions.len()).unwrap()).collect::<Vec<_>>(), "{stream}");
        assert!(
            versions.len().is_multiple_of(2) && versions.last() >= Some(version),
            "{stream}: {versions:?}, told {version}"
        );
    }
    let last = number(store.pool(), "select max(position) from eventsourcing_events").await;
    assert_eq!(number(store.pool(), "select count(*) from eventsourcing_events").await, last, "positions have no gap");
    let projecting = tokio::spawn(store.projector(Balances).run(pending()));
    let status = store.projector_status::<Balances>();
    timeout(Duration::from_mins(1), status.reached(GlobalPosition::new(last).unwrap())).await.unwrap().unwrap();
    projecting.abort();
    let differing = "select count(*) from (
        select substr(stream_id, 9) as account, sum(payload ->> '$.cents') as cents from eventsourcing_events group by 1
        ) e full join balances b on b.account = e.account where e.cents is not b.cents";
    assert_eq!(number(store.pool(), differing).await, 0);
    println!("{kills} processes killed, {last} events, {} streams", acknowledged.len());
}
