use eventsourcing::Schema;

#[derive(Schema)]
struct Reading {
    value: fn(),
}

fn main() {}
