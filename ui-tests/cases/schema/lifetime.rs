use eventsourcing::Schema;

#[derive(Schema)]
struct Money<'a> {
    currency: &'a str,
}

fn main() {}
