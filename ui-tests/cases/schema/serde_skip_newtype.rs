use eventsourcing::Schema;

#[derive(Schema)]
struct Money(#[serde(skip)] u64);

fn main() {}
