use eventsourcing::{Event, ExpectedVersion, Stream};

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Closed,
}

#[derive(Event)]
#[event(prefix = "order")]
enum OrderEvent {
    Placed,
}

async fn append(accounts: Stream<AccountEvent>) {
    let _ = accounts.append(ExpectedVersion::Any, [OrderEvent::Placed]).await;
}

fn main() {}
