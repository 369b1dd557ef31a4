use eventsourcing::Schema;

#[derive(Schema)]
enum Currency {
    Euro,
    #[serde(alias = "Euro")]
    Dollar,
}

fn main() {}
