use eventsourcing::Event;

#[derive(Event)]
#[event(lock = "account")]
#[serde(rename_all = "camelCase")]
enum AccountEvent {
    OwnerChanged { owner: String },
    #[serde(rename = "ownerChanged")]
    Renamed { owner: String },
}

fn main() {}
