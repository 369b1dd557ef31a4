use eventsourcing::Schema;

#[derive(Schema)]
#[serde(tag = "type")]
struct Money {
    currency: String,
}

fn main() {}
