use eventsourcing::Aggregate;

#[derive(Default, Aggregate)]
#[aggregate(evnt = AccountEvent, id = 3, category = "a/b")]
struct Account;

fn takes<A: Aggregate>() {}

fn main() {
    takes::<Account>();
}
