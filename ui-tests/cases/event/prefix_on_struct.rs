use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", tag = "account.opened")]
struct AccountOpened;

fn main() {}
