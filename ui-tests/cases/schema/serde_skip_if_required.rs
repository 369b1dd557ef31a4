use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[serde(skip_serializing_if = "String::is_empty")]
    currency: String,
}

fn main() {}
