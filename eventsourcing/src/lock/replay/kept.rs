//! Whether a payload that was decoded and encoded again still says the same.

mod loss;
mod path;
mod text;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::Shape;
pub(super) use loss::Loss;
use walk::Walk;

/// What many payloads of one shape show about its optional fields.
///
/// A field may leave out a value that its default stands for (`skip_serializing_if`). So one payload proves nothing
/// against it: it is lost when it leaves out every value.
#[derive(Debug, Default)]
pub(super) struct Optional {
    kept: BTreeSet<String>,
    left_out: BTreeMap<String, Vec<(Box<Loss>, String)>>,
}

impl Optional {
    /// The fields that were never written again, whatever they held, each with a payload that shows it.
    pub(super) fn lost(self) -> impl Iterator<Item = (Box<Loss>, String)> {
        let Self { kept, left_out } = self;
        let lost = left_out.into_iter().filter(move |(field, _)| !kept.contains(field));
        lost.filter_map(|(_, mut seen)| if seen.len() > 1 { seen.pop() } else { None })
    }
}

/// Compares a payload with its encoding of today; both are of the shape `now`, the payload perhaps with aliases and
/// without what is optional.
pub(super) fn compare(now: &Shape, payload: &str, again: &[u8], optional: &mut Optional) -> Result<(), Box<Loss>> {
    let (Ok(before), Ok(after)) = (serde_json::from_str(payload), serde_json::from_slice(again)) else {
        let written = String::from_utf8_lossy(again).into_owned();
        return Err(Box::new(Loss {
            path: ".".to_owned(),
            before: payload.into(),
            after: Some(written.into()),
            read_as: None,
        }));
    };
    let mut walk = Walk::default();
    walk.value(now, &before, &after)?;
    optional.kept.extend(walk.kept);
    for (field, loss) in walk.left_out {
        let seen = optional.left_out.entry(field).or_default();
        if seen.iter().all(|(other, _)| !text::alike(&other.before, &loss.before)) {
            seen.push((loss, payload.to_owned()));
        }
    }
    Ok(())
}
