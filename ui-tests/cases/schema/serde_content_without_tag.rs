use eventsourcing::Schema;

#[derive(Schema)]
#[serde(content = "c")]
enum Currency {
    Euro,
}

fn main() {}
