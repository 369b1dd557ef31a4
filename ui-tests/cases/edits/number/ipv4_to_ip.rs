// edit: an address of version 4 to one of either version
// verdict: additive
// why: every address of version 4 is one
// --- before ---
use std::net::Ipv4Addr;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Ipv4Addr,
    },
}

// --- after ---
use std::net::IpAddr;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: IpAddr,
    },
}
