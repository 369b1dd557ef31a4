use eventsourcing::Schema;

#[derive(Schema)]
#[schema(craet = "eventsourcing")]
struct Money {
    currency: String,
}

fn main() {}
