use eventsourcing::Schema;

#[derive(Schema)]
#[serde(transparent)]
struct Money {
    cents: u64,
    currency: String,
}

fn main() {}
