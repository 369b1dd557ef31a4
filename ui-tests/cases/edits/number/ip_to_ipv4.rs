// edit: an address of either version to one of version 4
// verdict: breaking
// why: some are of version 6
// --- before ---
use std::net::IpAddr;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: IpAddr,
    },
}

// --- after ---
use std::net::Ipv4Addr;

use eventsourcing::Event;

#[derive(Event)]
#[event(prefix = "account")]
pub enum AccountEvent {
    Opened {
        value: Ipv4Addr,
    },
}
