use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", unlocked)]
enum AccountEvent {
    Opened { kind: &'static str },
    Tagged(Vec<&'static str>),
}

fn main() {}
