use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[serde(deserialize_with = "f")]
    currency: String,
}

fn main() {}
