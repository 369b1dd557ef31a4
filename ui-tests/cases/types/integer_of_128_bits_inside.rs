use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "token", unlocked)]
enum TokenEvent {
    Minted { wei: Option<u128>, by: std::collections::BTreeMap<String, Vec<i128>> },
}

fn main() {}
