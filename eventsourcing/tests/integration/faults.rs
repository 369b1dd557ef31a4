//! A mix of faults under load: futures dropped, backends killed, statements cancelled, transactions aborted, connections
//! broken and frozen, the server crashed, and failovers to a promoted standby. What was acknowledged is checked from outside:
//! nothing of it is lost, nothing is stored twice, a subscriber sees the log as it is, and a projection has folded each event once.
//!
//! A short mix runs with the tests; `scripts/faults` runs a long one.

use std::{
    collections::{HashMap, HashSet},
    env,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use eventsourcing::{
    After, AppendBatch, Event, EventId, ExpectedVersion, NewEvent, PgOptions, PgStore, Postgres, Projection, Recorded,
    Store, StoreError, StreamVersion,
    testing::{ClusterOptions, PrivateCluster},
};
use sqlx::{ConnectOptions, Connection, PgConnection, Row, postgres::PgConnectOptions, raw_sql};
use tokio::{
    sync::RwLock,
    task::JoinSet,
    time::{sleep, timeout},
};
use uuid::Uuid;

use crate::support::{gate::Gate, patiently, port::id, standby::Standby};

const WRITERS: u64 = 12;

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "fact", unlocked)]
enum Fact {
    Stated { writer: u64, number: u64 },
}

/// Counts each event once, in a table.
struct Counted;

impl Projection<Postgres> for Counted {
    const NAME: &'static str = "counted";
    type Event = Fact;
    type Error = sqlx::Error;

    async fn apply(&self, batch: &[Recorded<Fact>], connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        for recorded in batch {
            sqlx::query("insert into counted values ($1)")
                .bind(recorded.event_id.as_uuid())
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }
}

/// Numbers that look random and come again with the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        // xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled").
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }
}

/// What the writers share.
struct Load {
    store: PgStore,
    /// The ids of acknowledged events, with how often each was acknowledged.
    acknowledged: Mutex<HashSet<EventId>>,
    /// Held for reading by each operation, so that a failover can be prepared while none is under way.
    pause: RwLock<()>,
    is_over: AtomicBool,
    counts: Mutex<HashMap<&'static str, u64>>,
    numbers: AtomicU64,
}

impl Load {
    fn count(&self, what: &'static str) {
        *self.counts.lock().unwrap().entry(what).or_default() += 1;
    }

    fn facts(&self, writer: u64, count: u64) -> Vec<NewEvent<Fact>> {
        let number = || self.numbers.fetch_add(1, Ordering::SeqCst);
        (0..count).map(|_| NewEvent::new(Fact::Stated { writer, number: number() }).id(EventId::new())).collect()
    }

    /// One operation; the ids that it has acknowledged.
    async fn operate(&self, writer: u64, dice: &mut Dice) -> Result<Vec<EventId>, StoreError> {
        let own = format!("fact/{writer}");
        let shared = format!("fact/shared-{}", dice.below(4));
        let facts = self.facts(writer, 1 + dice.below(4));
        let ids: Vec<_> = facts.iter().filter_map(|fact| fact.id).collect();
        let refused = |_| StoreError::TransactionAborted;
        match dice.below(6) {
            0 => {
                let stream = self.store.stream::<Fact>(id(&shared));
                stream.append(ExpectedVersion::Any, facts).await.map_err(refused)?;
            }
            1 => {
                let stream = self.store.stream::<Fact>(id(&own));
                let last = stream.read().backwards().limit(1).next().await;
                let version: Option<StreamVersion> = last.and_then(Result::ok).map(|recorded| recorded.version);
                let expected = version.map_or(ExpectedVersion::NoStream, ExpectedVersion::Exact);
                stream.append(expected, facts).await.map_err(refused)?;
            }
            2 => {
                let mut batch = AppendBatch::new();
                for (stream, fact) in ["fact/b1", "fact/b2", "fact/b3", "fact/b4"].into_iter().rev().zip(facts) {
                    batch.add::<Fact>(id(stream), ExpectedVersion::Any, [fact]).map_err(refused)?;
                }
                self.store.append_batch(batch).await.map_err(refused)?;
            }
            3 => {
                let mut transaction = self.store.begin().await?;
                transaction.stream::<Fact>(id(&own)).append(ExpectedVersion::Any, facts).await.map_err(refused)?;
                transaction.commit().await?;
            }
            4 => {
                // A failure that is ignored: the commit must not be acknowledged.
                let mut transaction = self.store.begin().await?;
                transaction.stream::<Fact>(id(&own)).append(ExpectedVersion::Any, facts).await.map_err(refused)?;
                drop(raw_sql("select 1/0").execute(transaction.connection()).await);
                transaction.commit().await?;
            }
            _ => {
                // The application's own transactions share the pool.
                let mut transaction = self.store.pool().begin().await.map_err(|_| StoreError::TransactionEnded)?;
                let mut inside = self.store.in_transaction(&mut transaction);
                inside.stream::<Fact>(id(&own)).append(ExpectedVersion::Any, facts).await.map_err(refused)?;
                // Left as it is, half of the time.
                if dice.below(2) == 0 {
                    return Ok(Vec::new());
                }
                transaction.commit().await.map_err(|_| StoreError::TransactionEnded)?;
            }
        }
        Ok(ids)
    }

    /// One operation after the other, each of them dropped at some moment, or done.
    async fn write(&self, writer: u64, mut dice: Dice) {
        while !self.is_over.load(Ordering::SeqCst) {
            let _running = self.pause.read().await;
            let patience = match dice.below(3) {
                0 => Duration::from_micros(dice.below(3_000)),
                _ => Duration::from_secs(5),
            };
            match timeout(patience, Box::pin(self.operate(writer, &mut dice))).await {
                Ok(Ok(ids)) => {
                    self.count("acknowledged operations");
                    self.acknowledged.lock().unwrap().extend(ids);
                }
                Ok(Err(_)) => self.count("refused or failed operations"),
                Err(_) => self.count("dropped operations"),
            }
        }
    }
}

/// The servers: a primary, and who has been one before it.
struct Servers {
    first: PrivateCluster,
    /// The last one is the primary.
    standbys: Vec<Standby>,
}

impl Servers {
    fn primary(&self) -> PgConnectOptions {
        self.standbys.last().map_or_else(|| self.first.url("postgres").parse().unwrap(), |last| last.options().clone())
    }

    /// A standby, without which nothing is acknowledged any more; then the primary crashes and the standby takes over.
    async fn fail_over(&mut self, load: &Load, gate: &Gate, dice: &mut Dice) {
        let primary = self.primary();
        let standby = {
            let _paused = load.pause.write().await;
            let standby = Standby::of(&primary).await;
            let mut connection = primary.connect().await.unwrap();
            raw_sql("alter system set synchronous_standby_names = '*'").execute(&mut connection).await.unwrap();
            raw_sql("select pg_reload_conf()").execute(&mut connection).await.unwrap();
            let is_sync = "select count(*) from pg_stat_replication where sync_state in ('sync', 'quorum')
                and flush_lsn = pg_current_wal_flush_lsn()";
            patiently(async {
                while sqlx::query(is_sync).fetch_one(&mut connection).await.unwrap().get::<i64, _>(0) == 0 {
                    raw_sql("select pg_switch_wal()").execute(&mut connection).await.unwrap();
                }
            })
            .await;
            connection.close().await.unwrap();
            standby
        };
        // Some of the load waits for the standby when the primary goes.
        sleep(Duration::from_millis(200 + dice.below(800))).await;
        match self.standbys.pop() {
            Some(former) => drop(former),
            None => self.first.stop_immediate().unwrap(),
        }
        standby.promote().await;
        let mut connection = standby.connect().await;
        raw_sql("alter system set synchronous_standby_names = ''").execute(&mut connection).await.unwrap();
        raw_sql("select pg_reload_conf()").execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        gate.lead_to(standby.options());
        self.standbys.push(standby);
    }
}

/// Lets something go wrong, until the time is up.
async fn break_things(load: &Load, servers: &mut Servers, gate: &Gate, lasts: Duration, mut dice: Dice) {
    let begun = Instant::now();
    let mut failovers = 0;
    while begun.elapsed() < lasts {
        // Some time for work between two faults.
        sleep(Duration::from_millis(20 + dice.below(200))).await;
        // At half of the time, and then once a minute.
        if begun.elapsed() > lasts / 2 + Duration::from_mins(1) * failovers {
            failovers += 1;
            load.count("failovers");
            servers.fail_over(load, gate, &mut dice).await;
            continue;
        }
        match dice.below(12) {
            0..=3 => signal(servers, "pg_terminate_backend", load, "killed backends").await,
            4..=6 => signal(servers, "pg_cancel_backend", load, "cancelled statements").await,
            7 | 8 => {
                load.count("broken connections of all");
                gate.break_all();
            }
            9 | 10 => {
                load.count("freezes");
                gate.freeze(true);
                sleep(Duration::from_millis(dice.below(400))).await;
                gate.freeze(false);
            }
            _ if servers.standbys.is_empty() => {
                load.count("crashes of the server");
                servers.first.restart().unwrap();
            }
            _ => {}
        }
    }
}

/// Of some backend of the store's.
async fn signal(servers: &Servers, function: &'static str, load: &Load, what: &'static str) {
    let mut connection = servers.primary().connect().await.unwrap();
    let sql = format!(
        "select {function}(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()
         order by random() limit 1"
    );
    let done = raw_sql(sqlx::AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
    if !done.is_empty() {
        load.count(what);
    }
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mix_of_faults_loses_nothing_that_was_acknowledged() {
    let seconds = env::var("FAULT_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(12);
    let seed = env::var("FAULT_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| Uuid::now_v7().as_u64_pair().1 | 1);
    println!("{seconds} seconds; FAULT_SEED={seed}");
    let first = ClusterOptions::new().start().unwrap();
    let mut servers = Servers { first, standbys: Vec::new() };
    let gate = Gate::before(&servers.primary());
    let options = PgOptions::new().max_connections(8).answer_timeout(Duration::from_secs(3));
    let backend = Postgres::connect(&gate.url(), options).await.unwrap();
    let store = Store::over(backend).with_poll_interval(Duration::from_millis(200));
    store.migrate().await.unwrap();
    let table = "create table counted (event_id uuid primary key)";
    raw_sql(table).execute(&mut servers.primary().connect().await.unwrap()).await.unwrap();

    let load = Arc::new(Load {
        store: store.clone(),
        acknowledged: Mutex::default(),
        pause: RwLock::default(),
        is_over: AtomicBool::new(false),
        counts: Mutex::default(),
        numbers: AtomicU64::new(0),
    });
    let mut subscription = store.all::<Fact>().subscribe(After::Start).await.unwrap();
    let (sender, mut delivered_events) = tokio::sync::mpsc::unbounded_channel();
    let subscriber = tokio::spawn(async move {
        loop {
            let recorded = subscription.next().await.expect("a subscription goes on by itself");
            if sender.send((recorded.position, recorded.event_id)).is_err() {
                return;
            }
        }
    });
    let projector = tokio::spawn({
        let store = store.clone();
        async move { store.projector(Counted).run(std::future::pending()).await }
    });
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let load = Arc::clone(&load);
        let dice = Dice(seed.wrapping_add(writer).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        writers.spawn(async move { load.write(writer, dice).await });
    }
    break_things(&load, &mut servers, &gate, Duration::from_secs(seconds), Dice(seed)).await;
    load.is_over.store(true, Ordering::SeqCst);
    patiently(writers.join_all()).await;

    // From outside.
    let mut outside = servers.primary().connect().await.unwrap();
    // What was still under way when its future was dropped ends by itself.
    let log = patiently(settled_log(&mut outside)).await;
    let stored: HashSet<_> = log.iter().map(|(_, event_id)| *event_id).collect();
    assert_eq!(stored.len(), log.len(), "an event is stored twice");
    let acknowledged = load.acknowledged.lock().unwrap().clone();
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    println!("{} events stored, {} acknowledged, {} lost", log.len(), acknowledged.len(), lost.len());
    for (what, count) in &*load.counts.lock().unwrap() {
        println!("{count} {what}");
    }
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(acknowledged.len() > 100, "there was hardly any load, so this run has shown little");

    let mut delivered = Vec::new();
    while delivered.len() < log.len() {
        delivered.push(patiently(delivered_events.recv()).await.expect("the subscriber is running"));
    }
    let delivered: Vec<_> = delivered.into_iter().map(|(position, event_id)| (position.get(), event_id)).collect();
    assert!(delivered == log, "the subscriber has seen another log than there is");
    let counted = "select count(*) from counted";
    patiently(async {
        while sqlx::query(counted).fetch_one(&mut outside).await.unwrap().get::<i64, _>(0)
            < i64::try_from(log.len()).unwrap()
        {
            assert!(!projector.is_finished(), "the projector has ended");
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    subscriber.abort();
    projector.abort();
}

/// The log, once nobody writes to it any more.
async fn settled_log(connection: &mut PgConnection) -> Vec<(i64, EventId)> {
    let writing = "select count(*) from pg_locks where relation = 'eventsourcing.events'::regclass
        and mode = 'RowExclusiveLock' and pid <> pg_backend_pid()";
    while sqlx::query(writing).fetch_one(&mut *connection).await.unwrap().get::<i64, _>(0) > 0 {
        sleep(Duration::from_millis(20)).await;
    }
    let rows = sqlx::query("select position, event_id from eventsourcing.events order by position");
    let rows = rows.fetch_all(connection).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get::<Uuid, _>(1).into())).collect()
}
