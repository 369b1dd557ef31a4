use eventsourcing::{Aggregate, Apply, Event};

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Opened,
    Closed,
}

#[derive(Default, Aggregate)]
#[aggregate(event = AccountEvent, id = u64, category = "account")]
struct Account {
    open: bool,
}

impl Apply<AccountEvent> for Account {
    fn apply(&mut self, event: &AccountEvent) {
        match event {
            AccountEvent::Opened => self.open = true,
        }
    }
}

fn main() {}
