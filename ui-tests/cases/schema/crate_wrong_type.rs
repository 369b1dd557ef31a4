use eventsourcing::Schema;

#[derive(Schema)]
#[schema(crate = 3)]
struct Money {
    currency: String,
}

fn main() {}
