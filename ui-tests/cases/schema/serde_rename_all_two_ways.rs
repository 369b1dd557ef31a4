use eventsourcing::Schema;

#[derive(Schema)]
#[serde(rename_all(serialize = "camelCase"))]
struct Money {
    currency: String,
}

fn main() {}
