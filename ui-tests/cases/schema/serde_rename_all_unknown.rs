use eventsourcing::Schema;

#[derive(Schema)]
#[serde(rename_all = "snakeCase")]
struct Money {
    currency: String,
}

fn main() {}
