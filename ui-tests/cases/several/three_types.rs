use eventsourcing::{Aggregate, Event, Schema};

#[derive(Event)]
enum AccountEvent {
    Opened { amount: Money },
}

#[derive(Schema)]
struct Money {
    #[schema(recursive = 1)]
    cents: u64,
}

#[derive(Default, Aggregate)]
#[aggregate(event = AccountEvent, id = u64)]
struct Account;

impl eventsourcing::Apply<AccountEvent> for Account {
    fn apply(&mut self, _: &AccountEvent) {}
}

fn main() {}
