use eventsourcing::Schema;

#[derive(Schema)]
enum Currency {
    #[schema(as = "String")]
    Euro,
}

fn main() {}
