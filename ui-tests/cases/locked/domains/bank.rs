// case: A bank: an entity with nested value objects; a currency more, a limit, and a fee that is told apart.
// verdict: additive
// --- before ---
use chrono::{DateTime, NaiveDate, Utc};
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { id: Uuid, owner: Owner, currency: Currency, at: DateTime<Utc> },
    Deposited(Movement),
    Withdrawn(Movement),
    OwnerMoved { address: Address },
    Closed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(rename_all = "camelCase")]
pub struct Owner {
    pub full_name: String,
    pub born: NaiveDate,
    pub address: Address,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Address {
    pub street: String,
    pub city: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Schema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    Eur,
    Usd,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Money {
    pub cents: i64,
    pub currency: Currency,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Movement {
    pub amount: Money,
    pub reference: Option<String>,
    pub counterparty: Box<Counterparty>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Counterparty {
    Cash,
    Account { id: Uuid },
    External { iban: String, name: String },
}

// --- after ---
use chrono::{DateTime, NaiveDate, Utc};
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened { id: Uuid, owner: Owner, currency: Currency, at: DateTime<Utc>, limit: Option<Money> },
    #[event(version = 2, upcast(1 = MovementV1))]
    Deposited(Movement),
    Withdrawn(MovementV1),
    OwnerMoved { address: Address },
    Closed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(rename_all = "camelCase")]
pub struct Owner {
    #[serde(alias = "fullName")]
    pub name: String,
    pub born: NaiveDate,
    pub address: Address,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Address {
    pub street: String,
    pub city: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Schema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    Eur,
    Usd,
    Chf,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Money {
    pub cents: i64,
    pub currency: Currency,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct MovementV1 {
    pub amount: Money,
    pub reference: Option<String>,
    pub counterparty: Box<Counterparty>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
pub struct Movement {
    pub net: Money,
    pub fee: Money,
    pub reference: Option<String>,
    pub counterparty: Counterparty,
}

impl From<MovementV1> for Movement {
    fn from(MovementV1 { amount, reference, counterparty }: MovementV1) -> Self {
        let fee = Money { cents: 0, currency: amount.currency };
        Self { net: amount, fee, reference, counterparty: *counterparty }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Counterparty {
    Cash,
    Account { id: Uuid },
    External { iban: String, name: String },
    Card { last_digits: String },
}
