use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[serde(getter = "f")]
    currency: String,
}

fn main() {}
