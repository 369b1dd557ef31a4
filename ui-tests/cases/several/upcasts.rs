use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account", retired("account.frozen", versions = 0..=2))]
enum AccountEvent {
    #[event(version = 3, upcast(2 = B))]
    Opened { owner: String },
    #[event(version = 2, upcast(1 = A, 7 = B))]
    Closed,
}

fn main() {}
