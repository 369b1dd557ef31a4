use eventsourcing::Schema;

#[derive(Schema)]
#[serde(remote = "Other")]
struct Money {
    currency: String,
}

fn main() {}
