use eventsourcing::Schema;

#[derive(Schema)]
#[serde(deny_unknown_fields)]
struct Money {
    #[serde(flatten)]
    currency: std::collections::BTreeMap<String, String>,
}

fn main() {}
