use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    cents: u64,
    #[serde(rename = "cents")]
    currency: String,
}

fn main() {}
