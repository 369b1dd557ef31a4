use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent<'a> {
    Opened { owner: &'a str },
}

fn main() {}
