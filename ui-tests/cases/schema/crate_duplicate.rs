use eventsourcing::Schema;

#[derive(Schema)]
#[schema(crate = "eventsourcing", crate = "eventsourcing")]
struct Money {
    currency: String,
}

fn main() {}
