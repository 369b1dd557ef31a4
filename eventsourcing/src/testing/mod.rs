//! Floor 4: what tests and demos of event-sourced programs need. Knows no adapter.
//!
//! [`PrivateCluster`] is a throw-away Postgres from the machine's own programs; [`database_url_or_private`] is how a demo
//! finds a database without being told one; [`contract`] is what every store adapter has to keep.

pub mod contract;

#[cfg(unix)]
pub use private_postgres::{ClusterError, ClusterOptions, PrivateCluster};

/// The database that `DATABASE_URL` names, or else one on this process's [shared](PrivateCluster::shared) private
/// cluster.
///
/// # Errors
///
/// When nothing is named and no private cluster can be started, as where no Postgres is installed.
///
/// # Example
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let url = eventsourcing::testing::database_url_or_private()?;
/// assert!(url.starts_with("postgres"));
/// # Ok(())
/// # }
/// ```
#[cfg(unix)]
pub fn database_url_or_private() -> Result<String, &'static ClusterError> {
    match std::env::var("DATABASE_URL") {
        Ok(url) if !url.is_empty() => Ok(url),
        _ => Ok(PrivateCluster::shared()?.url("postgres")),
    }
}
