use eventsourcing::Schema;

#[derive(Schema)]
struct Money(u64, #[serde(skip_serializing)] String);

fn main() {}
