//! What goes past the serializer's own errors: how deep it is, what was refused, and where.

use std::cell::{Cell, RefCell};

use serde::ser::Error;

use crate::codec::{
    depth::MAX_DEPTH,
    error::EncodeError,
    json::path::{self, Step},
};

/// Why a value is refused.
#[derive(Debug, Clone, Copy)]
pub(super) enum Refusal {
    NonFinite(f64),
    Nul,
    TooDeep,
    DuplicateKey,
    PrivateKey,
    KeyOfField,
}

#[derive(Debug, Default)]
pub(super) struct PathTracker {
    depth: Cell<usize>,
    refused: Cell<Option<Refusal>>,
    /// From the place of the error upwards.
    steps: RefCell<Vec<Step>>,
    /// The keys of flattened maps so far.
    merged: RefCell<Vec<String>>,
    /// The key of a flattened map that is refused.
    unwanted: Option<String>,
}

impl PathTracker {
    /// Refuses this key where a flattened map has it.
    pub(super) fn without(key: &str) -> Self {
        Self { unwanted: Some(key.to_owned()), ..Self::default() }
    }

    /// A flattened map has this key.
    pub(super) fn merged<E: Error>(&self, key: &str) -> Result<(), E> {
        if self.unwanted.as_deref() == Some(key) {
            return Err(self.refuse(Refusal::KeyOfField));
        }
        self.merged.borrow_mut().push(key.to_owned());
        Ok(())
    }

    /// The keys of all flattened maps, in no order that tells anything.
    pub(super) fn into_merged(self) -> Vec<String> {
        let mut keys = self.merged.into_inner();
        keys.sort_unstable();
        keys
    }

    pub(super) fn enter<E: Error>(&self, levels: usize) -> Result<(), E> {
        let depth = self.depth.get() + levels;
        if depth > MAX_DEPTH {
            return Err(self.refuse(Refusal::TooDeep));
        }
        self.depth.set(depth);
        Ok(())
    }

    pub(super) fn leave(&self, levels: usize) {
        self.depth.set(self.depth.get() - levels);
    }

    /// The error that ends the serialization; its text is never seen, `into_error` has the reason.
    pub(super) fn refuse<E: Error>(&self, refusal: Refusal) -> E {
        self.refused.set(Some(refusal));
        self.steps.borrow_mut().clear();
        E::custom("refused")
    }

    /// An error passes the value of a key.
    pub(super) fn key(&self, key: impl Into<String>) {
        self.steps.borrow_mut().push(Step::Key(key.into()));
    }

    /// An error passes the variant that something is in, if it is in one.
    pub(super) fn variant(&self, name: Option<&'static str>) {
        if let Some(name) = name {
            self.key(name);
        }
    }

    /// An error passes an element.
    pub(super) fn index(&self, index: usize) {
        self.steps.borrow_mut().push(Step::Index(index));
    }

    pub(super) fn into_error(self, source: serde_json::Error) -> EncodeError {
        let path = path::text(self.steps.into_inner().iter().rev());
        match self.refused.get() {
            Some(Refusal::NonFinite(value)) => EncodeError::NonFiniteFloat { path, value },
            Some(Refusal::Nul) => EncodeError::Nul { path },
            Some(Refusal::TooDeep) => EncodeError::TooDeep { path },
            Some(Refusal::DuplicateKey) => EncodeError::DuplicateKey { path },
            Some(Refusal::PrivateKey) => EncodeError::PrivateKey { path },
            Some(Refusal::KeyOfField) => EncodeError::KeyOfField { path },
            None => EncodeError::Serialize { path, source },
        }
    }
}
