use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[schema(recursive = true)]
    currency: String,
}

fn main() {}
