use eventsourcing::Schema;

#[derive(Schema)]
#[serde(rename_all = "camel")]
struct Money {
    #[schema(sa = "String")]
    cents: u64,
    #[serde(with = "module")]
    currency: String,
}

fn main() {}
