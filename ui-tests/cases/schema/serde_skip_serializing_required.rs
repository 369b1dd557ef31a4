use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[serde(skip_serializing)]
    currency: String,
}

fn main() {}
