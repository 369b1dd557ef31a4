use eventsourcing::Schema;

#[derive(Schema)]
struct Reading {
    value: *const u8,
}

fn main() {}
