use eventsourcing::Schema;

#[derive(Schema)]
#[schema(crate)]
struct Money {
    currency: String,
}

fn main() {}
