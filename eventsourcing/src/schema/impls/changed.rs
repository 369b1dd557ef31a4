//! A format that a feature of another crate has changed.

use crate::codec::EncodeError;

/// A format that is not written as it is stated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Changed {
    pub(crate) format: &'static str,
    /// The feature that does it, as `crate/feature`.
    pub(crate) feature: &'static str,
}

impl From<Changed> for EncodeError {
    fn from(Changed { format, feature }: Changed) -> Self {
        Self::ChangedFormat { format, feature }
    }
}
