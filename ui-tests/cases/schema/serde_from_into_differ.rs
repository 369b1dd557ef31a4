use eventsourcing::Schema;

#[derive(Schema)]
#[serde(from = "String", into = "u64")]
struct Money {
    currency: String,
}

fn main() {}
