//! Floor 4: what users and adapters test with. Knows no adapter.

pub mod contract;
