use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[serde(flatten)]
    currency: String,
}

fn main() {}
