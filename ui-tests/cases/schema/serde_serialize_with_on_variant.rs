use eventsourcing::Schema;

#[derive(Schema)]
enum Money {
    #[serde(serialize_with = "f")]
    Euro(u64),
}

fn main() {}
