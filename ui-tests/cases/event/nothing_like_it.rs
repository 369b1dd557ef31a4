use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", partition_by = "owner")]
enum AccountEvent {
    Closed,
}

fn main() {}
