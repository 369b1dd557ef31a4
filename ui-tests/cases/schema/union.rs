use eventsourcing::Schema;

#[derive(Schema)]
union Money {
    cents: u64,
}

fn main() {}
