// case: Fixtures may stand in functions.
// --- before ---
use eventsourcing::Event;

pub fn one() {
    #[derive(Event)]
    #[event(prefix = "account", unlocked)]
    pub enum AccountEvent {
        Opened { owner: String },
    }
}

// --- after ---
use eventsourcing::Event;

pub fn one() {
    #[derive(Event)]
    #[event(prefix = "account", unlocked)]
    pub enum AccountEvent {
        Opened { owner: String, city: Option<String> },
    }
}
