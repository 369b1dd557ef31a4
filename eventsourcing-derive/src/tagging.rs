//! How the variants of an enum are told apart.

use crate::hash;

pub(crate) enum Tagging {
    External,
    Internal(String),
    Adjacent(String, String),
    Untagged,
}

impl Tagging {
    pub(crate) fn fingerprint(&self) -> u64 {
        match self {
            Self::External => hash::external(),
            Self::Internal(tag) => hash::internal(tag),
            Self::Adjacent(tag, content) => hash::adjacent(tag, content),
            Self::Untagged => hash::untagged(),
        }
    }
}
