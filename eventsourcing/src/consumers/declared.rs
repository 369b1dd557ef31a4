//! Which events a consumer has declared, against those that the code at hand takes. Knows no store.
//!
//! A checkpoint moves over the events whose tags the consumer does not take. So a consumer that learns a tag must not go on
//! from its checkpoint as if it had seen such events; and while two releases run side by side, the one that knows less
//! must not move the checkpoint over events that only the other takes.

use crate::{
    port::{DeclaredTag, StoredType},
    schema::EventTypes,
    vocabulary::{GlobalPosition, SchemaVersion, Tag},
};

/// A tag that an event type takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TakenTag {
    tag: Tag,
    /// The newest version that is read.
    version: SchemaVersion,
    /// Passed over wherever it stands, so nobody has to have seen it.
    is_retired: bool,
}

/// What an event type takes, nested types and retired tags included.
pub(super) fn taken(types: &EventTypes) -> Vec<TakenTag> {
    let own = types.own.iter().map(|of| (of.tag, of.version, false));
    let retired = types.retired.iter().map(|of| (of.tag, of.last, true));
    let all = own.chain(retired);
    let mut all: Vec<TakenTag> =
        all.map(|(tag, version, is_retired)| TakenTag { tag: Tag::from_static(tag), version, is_retired }).collect();
    all.extend(types.nested.iter().flat_map(|types| taken(types)));
    all
}

/// How what is taken differs from what was declared.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Difference {
    Nothing,
    /// More is taken: a newer release.
    Wider(Vec<TakenTag>),
    /// Less is taken, by these tags: an older release, or one that has given them up.
    Narrower(Vec<Tag>),
    /// Neither has all of the other, and these tags are not taken: another consumer.
    Other(Vec<Tag>),
}

pub(super) fn difference(taken: &[TakenTag], declared: &[DeclaredTag]) -> Difference {
    let is_taken = |of: &DeclaredTag| taken.iter().any(|it| it.tag == of.tag && it.version >= of.version);
    let is_declared = |of: &TakenTag| declared.iter().any(|it| it.tag == of.tag && it.version >= of.version);
    let lost: Vec<Tag> = declared.iter().filter(|of| !is_taken(of)).map(|of| of.tag.clone()).collect();
    let new: Vec<TakenTag> = taken.iter().filter(|of| !is_declared(of)).cloned().collect();
    match (lost.is_empty(), new.is_empty()) {
        (true, true) => Difference::Nothing,
        (true, false) => Difference::Wider(new),
        (false, true) => Difference::Narrower(lost),
        (false, false) => Difference::Other(lost),
    }
}

/// The types among those that are `new` of which the log holds events up to the checkpoint.
pub(super) fn unseen(
    new: &[TakenTag],
    declared: &[DeclaredTag],
    checkpoint: GlobalPosition,
    stored: Vec<StoredType>,
) -> Vec<StoredType> {
    let was_read = |of: &StoredType| declared.iter().any(|it| it.tag == of.tag && it.version >= of.schema_version);
    let is_new =
        |of: &StoredType| new.iter().any(|it| it.tag == of.tag && it.version >= of.schema_version && !it.is_retired);
    let is_unseen = |of: &StoredType| of.first_position <= checkpoint && is_new(of) && !was_read(of);
    stored.into_iter().filter(is_unseen).collect()
}

/// What to declare: all that is taken, with what was passed over unseen, now or before.
pub(super) fn declaration(
    taken: &[TakenTag],
    declared: &[DeclaredTag],
    checkpoint: Option<GlobalPosition>,
    unseen: &[StoredType],
) -> Vec<DeclaredTag> {
    let declare = |of: &TakenTag| {
        let before = declared.iter().find(|it| it.tag == of.tag).and_then(|it| it.after);
        let after = if unseen.iter().any(|it| it.tag == of.tag) { checkpoint } else { before };
        DeclaredTag { tag: of.tag.clone(), version: of.version, after }
    };
    taken.iter().map(declare).collect()
}

/// What was declared, without what is not taken any more.
pub(super) fn known(taken: &[TakenTag], declared: &[DeclaredTag]) -> Vec<DeclaredTag> {
    let known = declared.iter().filter_map(|of| {
        let it = taken.iter().find(|it| it.tag == of.tag)?;
        Some(DeclaredTag { version: of.version.min(it.version), ..of.clone() })
    });
    known.collect()
}

#[cfg(test)]
mod tests {
    use super::{Difference, TakenTag, declaration, difference, unseen};
    use crate::{
        port::{DeclaredTag, StoredType},
        vocabulary::{GlobalPosition, SchemaVersion, Tag},
    };

    fn version(number: u16) -> SchemaVersion {
        SchemaVersion::new(number).unwrap()
    }

    fn position(number: i64) -> GlobalPosition {
        GlobalPosition::new(number).unwrap()
    }

    fn taken<const N: usize>(tags: [(&'static str, u16); N]) -> Vec<TakenTag> {
        let taken = tags.map(|(tag, of)| TakenTag {
            tag: Tag::from_static(tag),
            version: version(of),
            is_retired: tag.starts_with("retired"),
        });
        taken.into()
    }

    fn declared<const N: usize>(tags: [(&'static str, u16); N]) -> Vec<DeclaredTag> {
        tags.map(|(tag, of)| DeclaredTag { tag: Tag::from_static(tag), version: version(of), after: None }).into()
    }

    fn stored<const N: usize>(types: [(&'static str, u16, i64); N]) -> Vec<StoredType> {
        let types = types.map(|(tag, of, at)| StoredType {
            tag: Tag::from_static(tag),
            schema_version: version(of),
            first_position: position(at),
        });
        types.into()
    }

    #[test]
    fn a_set_is_told_from_what_is_wider_narrower_and_other() {
        let lost = || vec![Tag::from_static("a")];
        for (now, before, expected) in [
            (taken([("a", 1), ("b", 2)]), declared([("b", 2), ("a", 1)]), Difference::Nothing),
            (taken([("a", 2)]), declared([("a", 1)]), Difference::Wider(taken([("a", 2)]))),
            (taken([("a", 1), ("b", 1)]), declared([("a", 1)]), Difference::Wider(taken([("b", 1)]))),
            (taken([("a", 1)]), declared([("a", 2)]), Difference::Narrower(lost())),
            (taken([("b", 1)]), declared([("a", 1), ("b", 1)]), Difference::Narrower(lost())),
            (taken([("b", 1)]), declared([("a", 1)]), Difference::Other(lost())),
            (taken([("a", 1), ("b", 2)]), declared([("a", 2), ("b", 1)]), Difference::Other(lost())),
        ] {
            assert_eq!(difference(&now, &before), expected, "{now:?} after {before:?}");
        }
    }

    #[test]
    fn only_what_is_new_and_stands_before_the_checkpoint_is_unseen() {
        let new = taken([("grown", 3), ("new", 1), ("retired", 1)]);
        let before = declared([("grown", 1), ("old", 1)]);
        let log = stored([
            ("grown", 1, 1),
            ("grown", 2, 5),
            ("grown", 3, 6),
            ("grown", 4, 1),
            ("new", 1, 5),
            ("old", 1, 1),
            ("retired", 1, 1),
        ]);
        assert_eq!(unseen(&new, &before, position(5), log.clone()), stored([("grown", 2, 5), ("new", 1, 5)]));
        assert_eq!(unseen(&new, &before, position(4), log), []);
    }

    #[test]
    fn a_declaration_keeps_what_was_passed_over() {
        let mut before = declared([("a", 1), ("b", 1)]);
        before[0].after = Some(position(3));
        let now =
            declaration(&taken([("a", 1), ("b", 2), ("c", 1)]), &before, Some(position(9)), &stored([("b", 2, 8)]));
        let after: Vec<_> = now.iter().map(|of| of.after.map(GlobalPosition::get)).collect();
        assert_eq!(after, [Some(3), Some(9), None]);
    }
}
