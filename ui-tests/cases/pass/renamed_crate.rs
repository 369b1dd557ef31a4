//! The library under another name; the own one does not exist here.

mod eventsourcing {}

mod renamed {
    pub(crate) use ::eventsourcing as library;
}

use renamed::library;
use serde::{Deserialize, Serialize};

#[derive(library::Event)]
#[event(prefix = "account", crate = "renamed::library")]
enum AccountEvent {
    Opened { owner: Money },
    Closed,
}

#[derive(Serialize, Deserialize, library::Schema)]
#[schema(crate = crate::renamed::library)]
struct Money {
    cents: i64,
}

#[derive(Default, library::Aggregate)]
#[aggregate(event = AccountEvent, id = u64, category = "account", crate = "renamed::library")]
struct Account;

impl library::Apply<AccountEvent> for Account {
    fn apply(&mut self, _: &AccountEvent) {}
}

fn main() {
    let _ = (AccountEvent::Closed, AccountEvent::Opened { owner: Money { cents: 1 } });
}
