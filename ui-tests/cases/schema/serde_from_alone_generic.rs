use eventsourcing::Schema;

#[derive(Schema)]
#[serde(from = "String")]
struct Money<C> {
    currency: C,
}

fn main() {}
