//! Structs: every locked field is read by one field, and every other field may be absent.

use super::{
    Part, Place, Verdict, Walk, compatibility,
    fields::{
        count_merged, first_read, format_around, inlined, merged, merged_key, merged_name, plain, reader, shares_name,
    },
};
use crate::vocabulary::same;
use crate::{
    mutants::without,
    schema::shape::{Field, Shape},
};

impl Walk<'_> {
    pub(super) const fn fields(&mut self, now: &[Field], locked: &[Field], place: Place<'_>) {
        let both = Both { now, locked };
        self.locked_fields(both, locked, place);
        self.new_fields(both, now, place);
        self.merged_fields(both, place);
    }

    const fn locked_fields(&mut self, both: Both<'_>, part: &[Field], place: Place<'_>) {
        let mut i = 0;
        while i < part.len() {
            if let Some(inner) = inlined(&part[i]) {
                self.locked_fields(both, inner, place);
            } else if !part[i].flatten {
                match reader(both.now, part[i].name) {
                    Some(now) => self.field(both, now, &part[i], place),
                    None => self.removed(both, &part[i], place),
                }
            }
            i += 1;
        }
    }

    /// A locked field, and the one that reads it.
    const fn field(&mut self, both: Both<'_>, now: &Field, locked: &Field, place: Place<'_>) {
        if !self.concerns(&place, Some(now.name)) {
            return;
        }
        let here = place.then(now.name);
        let mut i = 0;
        while i < locked.aliases.len() {
            let alias = locked.aliases[i];
            match reader(both.now, alias) {
                Some(other) if same(other.name, now.name) => {}
                _ => {
                    self.loses(&here);
                    self.message.add("stored events may have it as ");
                    self.message.quote(alias);
                    self.message.add("; add `#[serde(alias = \"");
                    self.message.add(alias);
                    self.message.add("\")]`");
                }
            }
            i += 1;
        }
        match (format_around(both.now, now.name), format_around(both.locked, locked.name)) {
            (None, None) => {}
            (Some(format), Some(was)) if same(format, was) => {}
            // The lock does not say whether there was a format.
            (None, Some(_)) => self.additive(),
            (Some(_), Some(was)) if was.is_empty() => self.additive(),
            (Some(format), _) => {
                self.loses(&here);
                self.message.add("it stands in the format ");
                self.message.quote(format);
                self.message.add(" now, which it did not; a value may mean another one there");
            }
        }
        // Said once, at the first of them.
        if !without("merged_fields")
            && let Some(first) = first_read(both.locked, now, None)
            && same(first.name, locked.name)
            && let Some(other) = first_read(both.locked, now, Some(first.name))
        {
            self.loses(&here);
            self.message.add("stored events hold ");
            self.message.quote(first.name);
            self.message.add(" and ");
            self.message.quote(other.name);
            self.message.add(", and it reads only one of them; keep a field for each");
        }
        if !without("renamed_beside_map")
            && let Some(key) = merged_name(both.locked, now)
        {
            self.taken(key, &here);
        }
        if locked.optional && !now.optional {
            self.loses(&here);
            self.message.add(
                "stored events may lack it, and now it is required; keep it an `Option`, or its `#[serde(default)]`",
            );
        }
        if locked.optional != now.optional || locked.aliases.len() != now.aliases.len() || !same(locked.name, now.name)
        {
            self.additive();
        }
        let stored = match plain(&locked.shape) {
            // It is said already that it may be absent, which is how `None` is read.
            Shape::Option(inner) if locked.optional && !now.optional => inner,
            _ => &locked.shape,
        };
        self.compare(&now.shape, stored, here);
    }

    /// A locked field that none reads. When it looks renamed, it is a matter of the field with the new name.
    const fn removed(&mut self, both: Both<'_>, locked: &Field, place: Place<'_>) {
        let renamed = both.renamed(locked);
        let name = match renamed {
            Some(field) => Some(field.name),
            None => None,
        };
        if !self.concerns(&place, name) {
            return;
        }
        self.loses(&place.then(locked.name));
        if let Some(field) = renamed {
            self.message.add("no field reads it any more; if ");
            self.message.quote(field.name);
            self.message.add(" is its new name, keep the stored one with `#[serde(rename = \"");
            self.message.add(locked.name);
            self.message.add("\")]`, or read both with `#[serde(alias = \"");
            self.message.add(locked.name);
            self.message.add("\")]`");
        } else {
            self.message.add("locked as `");
            self.message.shape(&locked.shape);
            self.message.add("`, and no field reads it any more");
        }
    }

    const fn new_fields(&mut self, both: Both<'_>, part: &[Field], place: Place<'_>) {
        let mut i = 0;
        while i < part.len() {
            if let Some(inner) = inlined(&part[i]) {
                self.new_fields(both, inner, place);
            } else if !part[i].flatten && !shares_name(both.locked, &part[i]) {
                self.new_field(both, &part[i], place);
            }
            i += 1;
        }
    }

    const fn new_field(&mut self, both: Both<'_>, now: &Field, place: Place<'_>) {
        if !self.concerns(&place, Some(now.name)) {
            return;
        }
        let here = place.then(now.name);
        if !without("added_beside_map")
            && let Some(key) = merged_name(both.locked, now)
        {
            self.taken(key, &here);
        } else if now.optional {
            self.additive();
        } else if both.is_new_name(now) {
            self.verdict = Verdict::Breaking;
        } else {
            self.loses(&here);
            self.message
                .add("stored events lack it, and it is required; make it an `Option`, or add `#[serde(default)]`");
        }
    }

    /// A key that is new here, and that stored events may have from another field.
    const fn taken(&mut self, key: &str, here: &Place<'_>) {
        self.loses(here);
        self.message.add("a flattened field beside it may hold the key ");
        self.message.quote(key);
        self.message.add(" in stored events, which would now be taken from it; use another name");
    }

    /// Flattened maps, enums and options have no names on the wire, so their order tells which is which.
    const fn merged_fields(&mut self, both: Both<'_>, place: Place<'_>) {
        if !self.concerns(&place, None) {
            return;
        }
        let mut n = 0;
        while let Some(locked) = merged(both.locked, n) {
            if let Some(now) = merged(both.now, n) {
                let here = place.then("[flattened]");
                if !without("flattened_beside_map")
                    && let Some(key) = merged_key(&now.shape, Some(&locked.shape), both.locked)
                {
                    self.taken(key, &here);
                }
                if !without("flattened_in_order") {
                    self.compare(&now.shape, &locked.shape, here);
                }
            } else {
                self.loses(&place);
                self.message.add("a flattened `");
                self.message.shape(&locked.shape);
                self.message.add("` is locked, and nothing reads its keys any more");
            }
            n += 1;
        }
        while n < count_merged(both.now) {
            if let Some(now) = merged(both.now, n) {
                if !without("flattened_beside_map")
                    && let Some(key) = merged_key(&now.shape, None, both.locked)
                {
                    self.taken(key, &place.then("[flattened]"));
                } else if matches!(plain(&now.shape), Shape::Option(_) | Shape::Map { .. } | Shape::Ordered(_)) {
                    self.additive();
                } else {
                    self.loses(&place);
                    self.message.add("a flattened `");
                    self.message.shape(&now.shape);
                    self.message.add("` is new, and stored events may lack its keys; make it an `Option`");
                }
            }
            n += 1;
        }
    }

    /// Whether differences in this field of a struct were asked for; `None` is the struct itself.
    const fn concerns(&self, place: &Place<'_>, name: Option<&str>) -> bool {
        if !place.is_root() {
            return true;
        }
        match name {
            Some(name) => self.part.has(name),
            None => !matches!(self.part, Part::Field(_)),
        }
    }
}

/// The fields of one struct, then and now.
#[derive(Clone, Copy)]
struct Both<'a> {
    now: &'a [Field],
    locked: &'a [Field],
}

impl<'a> Both<'a> {
    /// The field that is probably the new name of a locked one: new itself, of a shape that reads it, and either the
    /// only one of that kind or named alike.
    const fn renamed(self, locked: &Field) -> Option<&'a Field> {
        let (mut candidates, mut nearest, mut likeness) = (0, None, 0);
        let mut i = 0;
        while i < self.now.len() {
            let field = &self.now[i];
            if !field.flatten
                && !shares_name(self.locked, field)
                && !matches!(compatibility(&field.shape, &locked.shape), Verdict::Breaking)
            {
                candidates += 1;
                let alike = in_common(field.name, locked.name);
                if nearest.is_none() || alike > likeness {
                    nearest = Some(field);
                    likeness = alike;
                }
            }
            i += 1;
        }
        if candidates == 1 || likeness >= 3 { nearest } else { None }
    }

    /// Whether a field is taken for the new name of a locked one.
    const fn is_new_name(self, now: &Field) -> bool {
        let mut i = 0;
        while i < self.locked.len() {
            let locked = &self.locked[i];
            if !locked.flatten
                && reader(self.now, locked.name).is_none()
                && let Some(renamed) = self.renamed(locked)
                && same(renamed.name, now.name)
            {
                return true;
            }
            i += 1;
        }
        false
    }
}

/// How many bytes two names have in common at their beginnings and ends.
const fn in_common(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let shorter = if a.len() < b.len() { a.len() } else { b.len() };
    let mut front = 0;
    while front < shorter && a[front] == b[front] {
        front += 1;
    }
    let mut back = 0;
    while front + back < shorter && a[a.len() - 1 - back] == b[b.len() - 1 - back] {
        back += 1;
    }
    front + back
}
