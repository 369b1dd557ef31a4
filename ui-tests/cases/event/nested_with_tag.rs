use eventsourcing::Event;

#[derive(Event)]
#[event(tag = "money")]
struct MoneyEvent;

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    #[event(nested, tag = "account.money")]
    Money(MoneyEvent),
}

fn main() {}
