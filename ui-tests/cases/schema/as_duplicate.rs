use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[schema(as = "String", as = "String")]
    currency: String,
}

fn main() {}
