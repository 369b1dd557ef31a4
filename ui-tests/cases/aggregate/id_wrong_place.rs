use eventsourcing::{Aggregate, Apply, Event};

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Closed,
}

#[derive(Default, Aggregate)]
#[aggregate(event = AccountEvent, id = u64, category = "account")]
struct Account {
    #[aggregate(id = u64)]
    open: bool,
}

impl Apply<AccountEvent> for Account {
    fn apply(&mut self, _: &AccountEvent) {}
}

fn main() {}
