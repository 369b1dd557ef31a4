use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Opened,
}

#[derive(Event)]
#[event(tag = "account.opened")]
struct Opened;

#[derive(Event)]
#[event(prefix = "bank")]
enum BankEvent {
    #[event(nested)]
    Account(AccountEvent),
    #[event(nested)]
    Opened(Opened),
}

fn main() {}
