use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[schema(ass = "String")]
    currency: String,
}

fn main() {}
