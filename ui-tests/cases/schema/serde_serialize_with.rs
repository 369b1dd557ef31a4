use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[serde(serialize_with = "f")]
    currency: String,
}

fn main() {}
