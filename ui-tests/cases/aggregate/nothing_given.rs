use eventsourcing::Aggregate;

#[derive(Default, Aggregate)]
struct Account {
    open: bool,
}

fn main() {}
