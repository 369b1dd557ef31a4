//! One binary for everything that needs a real database: one private cluster, one database for each test.

mod private_cluster;
