use eventsourcing::Event;

#[derive(Event)]
struct AccountOpened;

fn main() {}
