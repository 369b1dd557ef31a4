use eventsourcing::{After, Event, InTransaction, StreamId};

#[derive(Event)]
#[event(prefix = "account")]
enum AccountEvent {
    Closed,
}

async fn subscribe(mut transaction: InTransaction<'_>, id: StreamId) {
    let _ = transaction.stream::<AccountEvent>(id).subscribe(After::Start).await;
}

fn main() {}
