use eventsourcing::Schema;

#[derive(Schema)]
#[serde(rename_fields = "camelCase")]
struct Money {
    currency: String,
}

fn main() {}
