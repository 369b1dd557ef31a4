use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[schema(as = 3)]
    currency: String,
}

fn main() {}
