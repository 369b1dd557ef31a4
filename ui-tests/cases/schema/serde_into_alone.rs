use eventsourcing::Schema;

#[derive(Schema)]
#[serde(into = "String")]
struct Money {
    currency: String,
}

fn main() {}
