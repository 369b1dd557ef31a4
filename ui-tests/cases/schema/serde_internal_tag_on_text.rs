use eventsourcing::Schema;

#[derive(Schema)]
#[serde(tag = "type")]
enum Currency {
    Other(String),
}

fn main() {}
