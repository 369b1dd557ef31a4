//! The walk over a value before it is written.

use crate::{codec::EncodeError, schema::ValueCheck};

/// A step from a value down to a part of it.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_enums, reason = "generated code names each")]
pub enum Step {
    /// To what stands under this key.
    Key(&'static str),
    /// To this element.
    Index(usize),
}

/// Refuses an event with a part that reading would not give back.
pub fn check_values<T>(event: &T, look: impl FnOnce(&T, &mut ValueCheck)) -> Result<(), EncodeError> {
    let mut check = ValueCheck::default();
    look(event, &mut check);
    check.result()
}

/// Looks at a part of a value, as its type does.
pub fn check_part<T: ?Sized>(check: &mut ValueCheck, steps: &[Step], part: &T, look: fn(&T, &mut ValueCheck)) {
    match steps {
        [] => look(part, check),
        [Step::Key(key), rest @ ..] => check.key(key, |check| check_part(check, rest, part, look)),
        [Step::Index(index), rest @ ..] => check.index(*index, |check| check_part(check, rest, part, look)),
    }
}
