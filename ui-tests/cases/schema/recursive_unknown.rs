use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[schema(recursiv)]
    currency: String,
}

fn main() {}
