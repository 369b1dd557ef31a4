use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[schema(as = "String", recursive)]
    currency: String,
}

fn main() {}
