use eventsourcing::{Aggregate, Apply};

struct Closed;

#[derive(Default, Aggregate)]
#[aggregate(event = Closed, id = u64, category = "account")]
struct Account;

impl Apply<Closed> for Account {
    fn apply(&mut self, _: &Closed) {}
}

fn main() {}
