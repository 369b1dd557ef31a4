use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    cents: i64,
    #[serde(skip_deserializing)]
    currency: String,
}

fn main() {}
