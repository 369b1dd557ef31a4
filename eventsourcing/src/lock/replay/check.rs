//! One locked version of one event through the codec of the event type.

use std::collections::BTreeMap;

use super::{
    fault::{Failure, Fault},
    kept::{self, Optional},
    mistaken, refusal,
    repair::Accepted,
};
use crate::{
    codec::{DecodeError, EncodeError},
    lock::{
        LockedEvent, accepts,
        samples::{self, Json},
    },
    mutants::without,
    schema::{Event, EventType, EventTypes, RetiredType, Shape, recursion::unfolded},
    vocabulary::{Chain, Encoded, SchemaVersion, Tag},
};

/// What came of the payloads of one version.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) tag: &'static str,
    pub(super) version: u16,
    /// How many payloads were tried.
    pub(super) tried: usize,
    pub(super) failures: Vec<Failure>,
    /// What the user's own rules said, how often, and the first payload they refused.
    pub(super) refused: BTreeMap<String, (usize, String)>,
}

/// The codec of an event type, as data: what is compiled for each of them is small, and the check itself is compiled once.
pub(super) struct Codec {
    types: &'static EventTypes,
    again: fn(&Encoded<&[u8]>) -> Again,
}

/// What became of an event that was read and is written again; nothing, where it is retired.
type Again = Result<Option<Result<Encoded<Vec<u8>>, EncodeError>>, DecodeError>;

impl Codec {
    pub(super) const fn of<E: Event>() -> Self {
        Self { types: const { &E::TYPES }, again: again::<E> }
    }
}

fn again<E: Event>(stored: &Encoded<&[u8]>) -> Again {
    Ok(E::decode(stored)?.map(|event| event.encode()))
}

pub(super) fn check(codec: &Codec, locked: &LockedEvent) -> Checked {
    let is_locked = |event: &&EventType| event.tag == locked.tag && event.version.get() == locked.version;
    let now = codec.types.all().find(is_locked).map(|event| unfolded(&event.shape));
    // What was the key of a map may be a name today.
    let keys = now.as_ref().map(|now| now.names(MOST_KEYS)).unwrap_or_default();
    let payloads = samples::values(&unfolded(locked.shape), &keys);
    let mut check = Check {
        codec,
        locked,
        now,
        optional: Optional::default(),
        checked: Checked {
            tag: locked.tag,
            version: locked.version,
            tried: 0,
            failures: Vec::new(),
            refused: BTreeMap::new(),
        },
    };
    if let Some(now) = &check.now {
        check.checked.failures.extend(mistaken::mistaken(now));
    }
    let mut accepted = Vec::new();
    let mut refused = Vec::new();
    for payload in &payloads {
        match check.payload(payload) {
            Outcome::Accepted => accepted.push(payload),
            Outcome::Refused(Some(place)) => refused.push((payload, place)),
            Outcome::Refused(None) | Outcome::Failed => {}
        }
    }
    let mut accepted = Accepted::new(accepted, &refused);
    for (payload, mut place) in refused {
        let mut payload = payload.clone();
        for _ in 0..ROUNDS {
            if !accepted.repair(&mut payload, &place) {
                break;
            }
            let Outcome::Refused(Some(next)) = check.payload(&payload) else { break };
            place = next;
        }
    }
    check.finish()
}

/// How many names of today are tried as keys of maps.
const MOST_KEYS: usize = 60;
/// How often a refused payload is repaired, for the rules of so many places.
const ROUNDS: usize = 4;

struct Check<'a> {
    codec: &'a Codec,
    locked: &'a LockedEvent,
    /// The shape that is written today, when this version is.
    now: Option<Shape>,
    optional: Optional,
    checked: Checked,
}

enum Outcome {
    Accepted,
    /// A rule of the user's own refused it, at this place if it told.
    Refused(Option<String>),
    Failed,
}

impl Check<'_> {
    fn payload(&mut self, payload: &Json) -> Outcome {
        let payload = payload.to_string();
        self.checked.tried += 1;
        let Err(fault) = one(self.codec, self.locked, self.now.as_ref(), &payload, &mut self.optional) else {
            return Outcome::Accepted;
        };
        let rule = if let Fault::Unreadable(error) = &fault { refusal::own_rule(error) } else { None };
        let Some(rule) = rule else {
            self.checked.failures.push(Failure { fault, payload });
            return Outcome::Failed;
        };
        self.checked.refused.entry(rule).or_insert((0, payload)).0 += 1;
        match fault {
            Fault::Unreadable(DecodeError::Payload { source, .. }) => Outcome::Refused(Some(source.path)),
            _ => Outcome::Refused(None),
        }
    }

    fn finish(self) -> Checked {
        let Self { mut checked, optional, .. } = self;
        let lost = optional.lost().map(|(loss, payload)| Failure { fault: Fault::Lost(loss), payload });
        checked.failures.extend(lost);
        checked
    }
}

/// One payload; `now` is the shape that is written today, when this version is.
fn one(
    codec: &Codec,
    locked: &LockedEvent,
    now: Option<&Shape>,
    payload: &str,
    optional: &mut Optional,
) -> Result<(), Fault> {
    let tag = Tag::from_static(locked.tag);
    let schema_version = SchemaVersion::new(locked.version).unwrap_or(SchemaVersion::FIRST);
    let stored = Encoded { tag: tag.clone(), schema_version, payload: payload.as_bytes() };
    let again = (codec.again)(&stored).map_err(Fault::Unreadable)?;
    let again = match (again, is_retired(codec.types, locked)) {
        (None, true) => return Ok(()),
        (Some(again), false) => again,
        (again, _) => return Err(Fault::Delivery { wanted: again.is_none() }),
    };
    let Some(now) = now else { return Ok(()) };
    let again = match again {
        Ok(again) => again,
        // That it is read is all there is to it.
        Err(EncodeError::Serialize { .. }) if !without("read_only_variants") && holds_read_only(now, payload) => {
            return Ok(());
        }
        Err(error) => return Err(Fault::Unwritable(Chain(&error).to_string())),
    };
    if again.tag != tag || again.schema_version != schema_version {
        return Err(Fault::Elsewhere(format!("`{}` version {}", again.tag, again.schema_version)));
    }
    kept::compare(now, payload, &again.payload, optional).map_err(Fault::Lost)
}

/// Whether the payload holds a variant that is read and not written any more.
fn holds_read_only(now: &Shape, payload: &str) -> bool {
    serde_json::from_str(payload).is_ok_and(|payload| accepts::holds_read_only(now, &payload))
}

fn is_retired(types: &EventTypes, locked: &LockedEvent) -> bool {
    let covers = |retired: &RetiredType| {
        retired.tag == locked.tag && (retired.first.get()..=retired.last.get()).contains(&locked.version)
    };
    types.retired.iter().any(covers) || types.nested.iter().any(|types| is_retired(types, locked))
}
