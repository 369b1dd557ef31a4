use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[serde(skip_serializing_if = "String::is_empty", with = "module")]
    #[schema(as = "String")]
    currency: String,
}

fn main() {}
