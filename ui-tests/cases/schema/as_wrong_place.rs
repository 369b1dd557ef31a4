use eventsourcing::Schema;

#[derive(Schema)]
enum Money {
    #[schema(as = "String")]
    Euro { cents: u64 },
}

fn main() {}
