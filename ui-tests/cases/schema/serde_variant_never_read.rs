use eventsourcing::Schema;

#[derive(Schema)]
enum Currency {
    #[serde(skip_deserializing)]
    Euro,
}

fn main() {}
