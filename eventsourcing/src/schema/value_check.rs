//! A walk over a value before it is written, for what its own `Serialize` would change.

use std::borrow::Cow;

use crate::{
    codec::{
        EncodeError,
        json::path::{self, Step},
    },
    mutants::without,
};

/// Where a value is refused because reading would not give it back, and why.
///
/// Encode hands it down a value, from [`Schema::check_value`](crate::schema::Schema::check_value) to those of its parts.
#[derive(Debug, Default)]
pub struct ValueCheck {
    refused: Option<Refused>,
}

#[derive(Debug)]
struct Refused {
    /// From the value up to the payload.
    steps: Vec<Step>,
    reason: Cow<'static, str>,
}

impl ValueCheck {
    /// Refuses the value that is looked at; the first refusal counts.
    ///
    /// The reason is a sentence that says what would be lost and what to do about it. It becomes the message of
    /// [`EncodeError::InexactValue`], after the place of the value.
    ///
    /// # Example
    ///
    /// ```
    /// use eventsourcing::{
    ///     Schema,
    ///     schema::{Shape, ValueCheck},
    /// };
    /// use serde::{Deserialize, Serialize};
    ///
    /// /// Written in whole seconds.
    /// #[derive(Serialize, Deserialize)]
    /// #[serde(from = "u64", into = "u64")]
    /// # #[derive(Clone, Copy)]
    /// struct Elapsed(std::time::Duration);
    /// # impl From<u64> for Elapsed { fn from(seconds: u64) -> Self { Self(std::time::Duration::from_secs(seconds)) } }
    /// # impl From<Elapsed> for u64 { fn from(elapsed: Elapsed) -> Self { elapsed.0.as_secs() } }
    ///
    /// impl Schema for Elapsed {
    ///     const SHAPE: Shape = u64::SHAPE;
    ///
    ///     fn check_value(&self, check: &mut ValueCheck) {
    ///         if self.0.subsec_nanos() != 0 {
    ///             check.refuse("what is below a second is not written; round the time first");
    ///         }
    ///     }
    /// }
    /// ```
    pub fn refuse(&mut self, reason: impl Into<Cow<'static, str>>) {
        if self.refused.is_none() && !without("inexact_values") {
            self.refused = Some(Refused { steps: Vec::new(), reason: reason.into() });
        }
    }

    /// Whether anything was refused, for tests of a schema that is written by hand.
    ///
    /// # Example
    ///
    /// ```
    /// use eventsourcing::schema::{Schema, ValueCheck};
    ///
    /// let mut check = ValueCheck::default();
    /// "text".check_value(&mut check);
    /// assert!(!check.has_refused());
    /// ```
    pub fn has_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// Looks at what stands under a key.
    ///
    /// # Example
    ///
    /// ```
    /// use eventsourcing::schema::{Schema, ValueCheck};
    ///
    /// fn check_both(start: &impl Schema, end: &impl Schema, check: &mut ValueCheck) {
    ///     check.key("start", |check| start.check_value(check));
    ///     check.key("end", |check| end.check_value(check));
    /// }
    /// ```
    pub fn key(&mut self, key: &str, look: impl FnOnce(&mut Self)) {
        self.part(|| Step::Key(key.to_owned()), look);
    }

    /// Looks at an element of an array.
    ///
    /// # Example
    ///
    /// ```
    /// use eventsourcing::schema::{Schema, ValueCheck};
    ///
    /// fn check_all<T: Schema>(elements: &[T], check: &mut ValueCheck) {
    ///     for (index, element) in elements.iter().enumerate() {
    ///         check.index(index, |check| element.check_value(check));
    ///     }
    /// }
    /// ```
    pub fn index(&mut self, index: usize, look: impl FnOnce(&mut Self)) {
        self.part(|| Step::Index(index), look);
    }

    /// Looks at a key or a value of a map, whose keys need not have a text before they are written.
    pub(crate) fn entry(&mut self, look: impl FnOnce(&mut Self)) {
        self.part(|| Step::AnyKey, look);
    }

    /// Looks at a part. Only a part that is refused costs a step, so that a walk which refuses nothing costs nothing.
    fn part(&mut self, step: impl FnOnce() -> Step, look: impl FnOnce(&mut Self)) {
        if self.refused.is_none() {
            look(self);
            if let Some(refused) = &mut self.refused {
                refused.steps.push(step());
            }
        }
    }

    /// What was refused, as an error.
    pub(crate) fn result(self) -> Result<(), EncodeError> {
        match self.refused {
            None => Ok(()),
            Some(Refused { steps, reason }) => {
                Err(EncodeError::InexactValue { path: path::text(steps.iter().rev()), reason })
            }
        }
    }
}
