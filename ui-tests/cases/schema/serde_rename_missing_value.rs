use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[serde(rename)]
    currency: String,
}

fn main() {}
