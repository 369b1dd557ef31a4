use eventsourcing::Event;

struct AccountEvent;

#[derive(Event)]
#[event(prefix = "bank")]
enum BankEvent {
    #[event(nested)]
    Account(AccountEvent),
}

fn main() {}
