use eventsourcing::{Aggregate, Apply, Event};

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Closed,
}

#[derive(Default, Aggregate)]
#[aggregate(event = AccountEvent, id = u64, category = "account")]
struct Account<T> {
    open: T,
}

impl<T> Apply<AccountEvent> for Account<T> {
    fn apply(&mut self, _: &AccountEvent) {}
}

fn main() {}
