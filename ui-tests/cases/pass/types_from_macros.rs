//! A macro of the user's may be given the types of an event: `self` and the variables of generated code are found all the
//! same.

use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};

macro_rules! noted {
    ($event:ident, $tag:literal, $value:ty, $old:ty) => {
        #[derive(Event)]
        #[event(prefix = $tag, unlocked)]
        enum $event {
            #[event(version = 2, upcast(1 = $old))]
            Noted {
                value: $value,
            },
            Whole($value),
        }
    };
}

#[derive(Serialize, Deserialize, Schema)]
struct Old {
    amount: u8,
}

#[derive(Serialize, Deserialize, Schema)]
struct Money {
    cents: i64,
}

impl From<Old> for MoneyEvent {
    fn from(old: Old) -> Self {
        Self::Noted { value: Money { cents: old.amount.into() } }
    }
}

noted!(MoneyEvent, "money", Money, Old);

fn main() {
    let encoded = MoneyEvent::Whole(Money { cents: 1 }).encode().unwrap();
    assert_eq!(encoded.payload, br#"{"cents":1}"#);
    let MoneyEvent::Noted { value } = MoneyEvent::from(Old { amount: 7 }) else { panic!("the step makes no other") };
    assert_eq!(value.cents, 7);
}
