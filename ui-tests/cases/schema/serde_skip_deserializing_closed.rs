use eventsourcing::Schema;

#[derive(Schema)]
#[serde(deny_unknown_fields)]
struct Money {
    #[serde(skip_deserializing)]
    currency: String,
}

fn main() {}
