use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[schema(crate = "eventsourcing")]
    currency: String,
}

fn main() {}
