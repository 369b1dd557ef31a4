use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Opened,
}

#[derive(Event)]
#[event(prefix = "account")]
enum BankEvent {
    #[event(nested)]
    Account(AccountEvent),
    Opened,
}

fn main() {}
