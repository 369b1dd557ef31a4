use eventsourcing::Schema;

#[derive(Schema)]
#[serde(from = "String")]
struct Money {
    currency: String,
}

fn main() {}
