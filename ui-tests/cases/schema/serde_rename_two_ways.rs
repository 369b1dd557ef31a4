use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[serde(rename(serialize = "a", deserialize = "b"))]
    currency: String,
}

fn main() {}
