use eventsourcing::Schema;

#[derive(Schema)]
#[serde(field_identifier)]
struct Money {
    currency: String,
}

fn main() {}
