use eventsourcing::Event;

#[derive(Event)]
#[event(tag = "account.opened")]
struct AccountOpened(String, u64);

fn main() {}
