use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

type Wei = u128;
type Index = usize;

#[derive(Serialize, Deserialize, Schema)]
struct Transfer {
    amount: Wei,
    change: Vec<Option<Wei>>,
}

#[derive(Event)]
#[event(prefix = "token", unlocked)]
enum TokenEvent {
    Minted { indices: Vec<Index> },
}

fn main() {}
