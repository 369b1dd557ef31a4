//! Enums: every locked variant is read by one variant.

use super::{
    Place, Walk,
    fields::{is_named, plain, variant},
};
use crate::vocabulary::same;
use crate::{
    mutants::without,
    schema::shape::{Shape, Tagging, Variant},
};

/// The variants of an enum, and how they are told apart.
type Choice<'a> = (&'a Tagging, &'a [Variant]);

impl Walk<'_> {
    pub(super) const fn variants(&mut self, now: Choice<'_>, locked: Choice<'_>, place: Place<'_>) {
        match (now.0, locked.0) {
            (Tagging::External, Tagging::External) => self.named(now, locked, place),
            (Tagging::Internal { tag: now_by }, Tagging::Internal { tag: locked_by }) if same(now_by, locked_by) => {
                self.named(now, locked, place);
            }
            (
                Tagging::Adjacent { tag: now_by, content: now_in },
                Tagging::Adjacent { tag: locked_by, content: locked_in },
            ) if same(now_by, locked_by) && same(now_in, locked_in) => self.named(now, locked, place),
            (Tagging::Untagged, Tagging::Untagged) => self.untagged(now.1, locked.1, place),
            (now_by, locked_by) => {
                let (now, locked) = (
                    Shape::Enum { tagging: *now_by, variants: &[] },
                    Shape::Enum { tagging: *locked_by, variants: &[] },
                );
                self.retyped(&now, &locked, &place);
            }
        }
    }

    const fn named(&mut self, now: Choice<'_>, locked: Choice<'_>, place: Place<'_>) {
        let mut i = 0;
        while i < locked.1.len() {
            match variant(now.1, locked.1[i].name) {
                Some(reads) => {
                    if !without("merged_variants")
                        && let Some(other) = read_too(reads, locked.1.split_at(i).0)
                    {
                        self.merged(reads, other, &locked.1[i], &place);
                    }
                    self.variant(now, reads, &locked.1[i], place);
                }
                None => self.gone(now.1, locked.1, &locked.1[i], place),
            }
            i += 1;
        }
        i = 0;
        while i < now.1.len() {
            if variant(locked.1, now.1[i].name).is_none() {
                self.additive();
            }
            i += 1;
        }
    }

    /// A locked variant, and the one that reads it.
    const fn variant(&mut self, now: Choice<'_>, reads: &Variant, locked: &Variant, place: Place<'_>) {
        let here = place.then(reads.name);
        let mut i = 0;
        while i < locked.aliases.len() {
            let alias = locked.aliases[i];
            match variant(now.1, alias) {
                Some(other) if same(other.name, reads.name) => {}
                _ => {
                    self.loses(&here);
                    self.message.add("stored events may name it ");
                    self.message.quote(alias);
                    self.message.add("; add `#[serde(alias = \"");
                    self.message.add(alias);
                    self.message.add("\")]`");
                }
            }
            i += 1;
        }
        if locked.other && !reads.other {
            self.loses(&here);
            self.message
                .add("stored events may have names that are not known, which it read; keep its `#[serde(other)]`");
        }
        if locked.other != reads.other || locked.aliases.len() != reads.aliases.len() || !same(locked.name, reads.name)
        {
            self.additive();
        }
        self.content(now.0, &reads.shape, &locked.shape, here);
    }

    /// Two locked variants that one variant reads.
    const fn merged(&mut self, reads: &Variant, one: &Variant, other: &Variant, place: &Place<'_>) {
        self.loses(&place.then(reads.name));
        self.message.add("stored events hold ");
        self.message.quote(one.name);
        self.message.add(" and ");
        self.message.quote(other.name);
        self.message.add(", and it reads both, so nothing tells them apart any more; keep a variant for each");
    }

    /// What a variant holds. One without content is written without a place for it, so it cannot get just any.
    const fn content(&mut self, tagging: &Tagging, now: &Shape, locked: &Shape, place: Place<'_>) {
        match (tagging, plain(now), plain(locked)) {
            (_, Shape::Null, Shape::Null) => {}
            (Tagging::Internal { .. }, Shape::Struct { fields, .. }, Shape::Null) => {
                self.additive();
                self.fields(fields, &[], place);
            }
            (_, now, Shape::Null) => self.retyped(now, &Shape::Null, &place),
            (_, now, locked) => self.compare(now, locked, place),
        }
    }

    const fn gone(&mut self, now: &[Variant], all: &[Variant], locked: &Variant, place: Place<'_>) {
        self.loses(&place);
        self.message.add("stored events may hold the variant ");
        self.message.quote(locked.name);
        self.message.add(", which is gone; keep it");
        let (mut i, mut candidates, mut renamed) = (0, 0, None);
        while i < now.len() {
            if variant(all, now[i].name).is_none() && now[i].shape.fingerprint() == locked.shape.fingerprint() {
                candidates += 1;
                renamed = Some(now[i].name);
            }
            i += 1;
        }
        if let (Some(renamed), 1) = (renamed, candidates) {
            self.message.add(", or if ");
            self.message.quote(renamed);
            self.message.add(" is its new name, write `#[serde(rename = \"");
            self.message.add(locked.name);
            self.message.add("\")]` there, or `alias`");
        }
    }
}

/// The first of these locked variants that `reads` reads.
const fn read_too<'a>(reads: &Variant, locked: &'a [Variant]) -> Option<&'a Variant> {
    let mut i = 0;
    while i < locked.len() {
        if is_named(reads.name, reads.aliases, locked[i].name) {
            return Some(&locked[i]);
        }
        i += 1;
    }
    None
}
