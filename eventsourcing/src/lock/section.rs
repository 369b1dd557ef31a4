//! The section of an event type as it should be.

use super::{
    Compiled, LockedEvent,
    file::{Key, Section},
    notes::Notes,
    render,
    replay::findings,
};
use crate::schema::{
    EventType, Shape, Verdict,
    compare::{Part, losses},
    compatibility,
    recursion::unfolded,
};

/// The section as it should be: what is locked stays, but for the shape of what is written today.
pub(super) fn wanted<E: Compiled>(section: &Section) -> Result<Section, String> {
    let mut wanted = section.clone();
    for event in E::TYPES.own {
        let today = std::iter::once((event.version.get(), &event.shape));
        for (version, shape) in (1..).zip(event.older).chain(today) {
            let verdict = verdict::<E>(event, version, shape)?;
            let locked = locked::<E>(event, version).map(|locked| locked.shape);
            let notes = Notes::of(event, version, shape, locked)?;
            let is_today = version == event.version.get();
            let written = match locked {
                Some(_) if !notes.changed() && (verdict == Some(Verdict::Same) || !is_today) => continue,
                // The shape of an older version stays as it is locked.
                Some(locked) if !is_today => locked,
                _ => shape,
            };
            if let (true, Some(locked)) = (notes.swapped(), locked) {
                still_readable::<E>(event.tag, version, locked)?;
            }
            wanted.insert(key(event, version), render::event(event.tag, version, &notes.put_into(written)));
        }
    }
    Ok(wanted)
}

/// What is locked is read by today's code, and written again as it was: asked before other code is locked beside a shape.
fn still_readable<E: Compiled>(tag: &'static str, version: u16, shape: &'static Shape) -> Result<(), String> {
    let unreadable = findings::<E>(&[LockedEvent { tag, version, shape }]).unreadable;
    unreadable.map_or(Ok(()), |found| Err(format!("the lock cannot be written, because other code stands behind a stated shape (`#[schema(as = ..)]`):\n{found}")))
}

/// The locked version of an event.
fn locked<E: Compiled>(event: &EventType, version: u16) -> Option<&'static LockedEvent> {
    E::LOCK.events.iter().find(|locked| locked.tag == event.tag && locked.version == version)
}

/// What this shape of an event is to the locked one, behind cuts as well; `None` when none is locked. The compiler has
/// refused what is lost elsewhere, so a loss is behind a cut.
fn verdict<E: Compiled>(event: &EventType, version: u16, shape: &Shape) -> Result<Option<Verdict>, String> {
    let tag = event.tag;
    let Some(locked) = locked::<E>(event, version) else { return Ok(None) };
    let (now, locked) = (unfolded(shape), unfolded(locked.shape));
    let verdict = compatibility(&now, &locked);
    if verdict != Verdict::Breaking {
        return Ok(Some(verdict));
    }
    let losses = losses(&now, &locked, Part::All);
    let advice = if version == event.version.get() {
        let next = u32::from(version) + 1;
        format!(
            "keep the locked shape as a type of its own, make this version {next}, and convert with `upcast({version} = ..)`"
        )
    } else {
        "make the change in another type, and write the type of this version as it is locked".to_owned()
    };
    Err(format!(
        "`{tag}` version {version} is not what is locked, so what is stored may not be readable, and the lock cannot be written:{}\n\nThe compiler does not see this, because it is behind a `#[schema(recursive)]`. Undo it, or, if it is meant, {advice}.",
        losses.text()
    ))
}

fn key(event: &EventType, version: u16) -> Key {
    (render::name(event.tag), version)
}
