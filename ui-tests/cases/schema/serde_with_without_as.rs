use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[serde(with = "module")]
    currency: String,
}

fn main() {}
