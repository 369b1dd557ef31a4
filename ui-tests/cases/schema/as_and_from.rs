use eventsourcing::Schema;

#[derive(Schema)]
#[schema(as = "String")]
#[serde(from = "String", into = "String")]
struct Money {
    currency: String,
}

fn main() {}
