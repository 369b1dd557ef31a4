use eventsourcing::{Aggregate, Apply, Decide, Event};

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Opened,
}

#[derive(Default, Aggregate)]
#[aggregate(event = AccountEvent, id = u64, category = "account")]
struct Account;

impl Apply<AccountEvent> for Account {
    fn apply(&mut self, _: &AccountEvent) {}
}

struct Open;

fn decides<A: Decide<C>, C>() {}

fn main() {
    decides::<Account, Open>();
}
