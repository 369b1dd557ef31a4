use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[schema(as)]
    currency: String,
}

fn main() {}
