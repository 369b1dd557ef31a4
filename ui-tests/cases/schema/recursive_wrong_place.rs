use eventsourcing::Schema;

#[derive(Schema)]
#[schema(recursive)]
struct Money {
    currency: String,
}

fn main() {}
