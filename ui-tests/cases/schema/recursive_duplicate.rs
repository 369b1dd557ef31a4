use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[schema(recursive, recursive)]
    currency: String,
}

fn main() {}
