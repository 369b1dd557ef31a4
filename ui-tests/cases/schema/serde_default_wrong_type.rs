use eventsourcing::Schema;

#[derive(Schema)]
struct Money {
    #[serde(default = 3)]
    currency: String,
}

fn main() {}
