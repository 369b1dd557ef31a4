//! A bank: accounts as aggregates, their balances as a projection in SQL, a conflict, and a live subscription.

use std::{error::Error, num::ParseIntError, str::FromStr};

use eventsourcing::{
    After, Aggregate, AppendError, Apply, Decide, Delivery, Event, ExecuteError, Metadata, PgStore, Postgres,
    Projection, Recorded, Schema, testing::database_url_or_private,
};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Row};
use tokio::sync::oneshot;

// Each section of `events.lock` has its type, and the crate does not compile without the file.
eventsourcing::events_lock!(AccountEvent);

// The domain: what can happen to an account, and what an account makes of it.

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "account")]
enum AccountEvent {
    /// Stored as `account.opened`.
    Opened {
        owner: String,
    },
    Deposited {
        amount: Money,
    },
    Withdrawn {
        amount: Money,
    },
    Closed,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize, Schema)]
struct Money {
    cents: i64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct AccountId(u32);

#[derive(Debug, Default, Aggregate)]
#[aggregate(event = AccountEvent, id = AccountId, category = "account")]
struct Account {
    is_open: bool,
    balance: Money,
}

impl Apply<AccountEvent> for Account {
    fn apply(&mut self, event: &AccountEvent) {
        match event {
            AccountEvent::Opened { .. } => self.is_open = true,
            AccountEvent::Deposited { amount } => self.balance.cents += amount.cents,
            AccountEvent::Withdrawn { amount } => self.balance.cents -= amount.cents,
            AccountEvent::Closed => self.is_open = false,
        }
    }
}

// Commands: what is wanted of an account, and what it decides.

struct Open {
    owner: &'static str,
}

struct Withdraw {
    amount: Money,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
enum Refusal {
    #[error("the account is open already")]
    AlreadyOpen,
    #[error("the account is not open")]
    NotOpen,
    #[error("the account holds only {} cents", .0.cents)]
    Insufficient(Money),
}

impl Decide<Open> for Account {
    type Error = Refusal;

    fn decide(&self, command: &Open) -> Result<Vec<AccountEvent>, Refusal> {
        if self.is_open {
            return Err(Refusal::AlreadyOpen);
        }
        Ok(vec![AccountEvent::Opened { owner: command.owner.to_owned() }])
    }
}

impl Decide<Withdraw> for Account {
    type Error = Refusal;

    fn decide(&self, command: &Withdraw) -> Result<Vec<AccountEvent>, Refusal> {
        match self {
            Self { is_open: false, .. } => Err(Refusal::NotOpen),
            Self { balance, .. } if *balance < command.amount => Err(Refusal::Insufficient(*balance)),
            Self { .. } => Ok(vec![AccountEvent::Withdrawn { amount: command.amount }]),
        }
    }
}

// The read model: one row for each account, in the same transaction as the projection's checkpoint.

const BALANCES: &str = "create table if not exists balances (account text primary key, cents bigint not null)";

struct Balances;

impl Projection<Postgres> for Balances {
    const NAME: &'static str = "balances";
    type Event = AccountEvent;
    type Error = sqlx::Error;

    async fn apply(&self, batch: &[Recorded<AccountEvent>], connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        for recorded in batch {
            let change = match &recorded.event {
                AccountEvent::Deposited { amount } => amount.cents,
                AccountEvent::Withdrawn { amount } => -amount.cents,
                AccountEvent::Opened { .. } | AccountEvent::Closed => 0,
            };
            sqlx::query(
                "insert into balances values ($1, $2)
                 on conflict (account) do update set cents = balances.cents + excluded.cents",
            )
            .bind(recorded.stream_id.id())
            .bind(change)
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let store = PgStore::connect(&database_url_or_private()?).await?;
    store.migrate().await?;
    // Before the first command: is there anything in the store that this program cannot read?
    store.verify_catalog(&EVENTS).await?;
    sqlx::raw_sql(BALANCES).execute(store.pool()).await?;

    // Both at once: a projection that ends with an error ends the program, and is not lost with a task nobody awaits.
    let (stop, stopped) = oneshot::channel::<()>();
    let projector = store.projector(Balances).run(async { drop(stopped.await) });
    let day = async {
        a_day_at_the_bank(&store).await?;
        drop(stop);
        Ok(())
    };
    tokio::try_join!(async { Ok::<_, Box<dyn Error>>(projector.await?) }, day)?;
    Ok(())
}

async fn a_day_at_the_bank(store: &PgStore) -> Result<(), Box<dyn Error>> {
    let accounts = store.repository::<Account>().with(Metadata::new().with("teller", "grace"));
    let mut news = store.all::<AccountEvent>().subscribe(After::End).await?;
    assert!(matches!(news.next_delivery().await?, Delivery::CaughtUp), "what follows is news");
    // Another account at each run.
    let id = AccountId(std::process::id());

    // Load, decide, append; again after a conflict.
    accounts.execute(&id, Open { owner: "ada" }).await?;
    let refused = accounts.execute(&id, Withdraw { amount: Money { cents: 1 } }).await;
    let Err(ExecuteError::Decide(refusal)) = refused else { panic!("an empty account pays nothing") };
    println!("refused: {refusal}");
    assert_eq!(refusal, Refusal::Insufficient(Money { cents: 0 }));

    // Two tellers have the same account in front of them: the second to save has a conflict.
    let (mut here, mut there) = (accounts.load(&id).await?, accounts.load(&id).await?);
    here.record(AccountEvent::Deposited { amount: Money { cents: 500 } });
    there.record(AccountEvent::Deposited { amount: Money { cents: 250 } });
    accounts.save(&mut here).await?;
    let Err(AppendError::Conflict(conflict)) = accounts.save(&mut there).await else { panic!("both saves won") };
    println!("conflict: {conflict}");
    let mut there = accounts.load(&id).await?;
    there.record(AccountEvent::Deposited { amount: Money { cents: 250 } });
    accounts.save(&mut there).await?;

    let withdrawn = accounts.execute(&id, Withdraw { amount: Money { cents: 100 } }).await?;
    assert_eq!(withdrawn.root.balance, Money { cents: 650 });

    // The projection shows the withdrawal as soon as it has come to its position.
    let position = withdrawn.appended.position.ok_or("a withdrawal is an event")?;
    store.projector_status::<Balances>().reached(position).await?;
    let row = sqlx::query("select cents from balances where account = $1").bind(id.to_string());
    let cents: i64 = row.fetch_one(store.pool()).await?.get(0);
    println!("balance of account {id}: {cents} cents");
    assert_eq!(cents, 650);

    // The subscription has seen it all, in order.
    let mut seen = Vec::new();
    while seen.len() < 4 {
        let recorded = news.next().await?;
        if recorded.stream_id.id() == id.to_string() {
            println!("{} {}: {:?}", recorded.stream_id, recorded.version, recorded.event);
            assert_eq!(recorded.metadata.get("teller"), Some("grace"));
            seen.push(recorded.event);
        }
    }
    assert_eq!(seen.last(), Some(&AccountEvent::Withdrawn { amount: Money { cents: 100 } }));
    Ok(())
}

impl std::fmt::Display for AccountId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AccountId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}
