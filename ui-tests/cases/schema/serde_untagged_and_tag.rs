use eventsourcing::Schema;

#[derive(Schema)]
#[serde(tag = "t", untagged)]
enum Currency {
    Euro,
}

fn main() {}
