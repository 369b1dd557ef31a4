use eventsourcing::Schema;
use serde_with::serde_as;

#[derive(Schema)]
#[serde_as]
struct Money {
    #[serde_as(as = "serde_with::DisplayFromStr")]
    cents: u64,
}

fn main() {}
