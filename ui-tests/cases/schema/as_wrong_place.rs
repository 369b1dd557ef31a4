use eventsourcing::Schema;

#[derive(Schema)]
#[schema(as = "String")]
struct Money {
    currency: String,
}

fn main() {}
