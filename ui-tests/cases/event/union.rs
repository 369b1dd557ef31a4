use eventsourcing::Event;

#[derive(Event)]
#[event(tag = "account.opened")]
union AccountOpened {
    a: u64,
    b: i64,
}

fn main() {}
