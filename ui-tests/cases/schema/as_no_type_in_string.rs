use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[schema(as = "not a type")]
    currency: String,
}

fn main() {}
