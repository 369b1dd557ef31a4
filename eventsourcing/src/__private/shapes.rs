//! What the derives ask of shapes: each function passes one on, or fails to compile with what is to be done.

use crate::schema::{Among, Shape, compare::Message, hash, mistaken::mistaken_for};

/// Passes on whether a field may be absent, and fails to compile with `message` when it must be and is not.
#[track_caller]
pub const fn readable_without(optional: bool, message: &str) -> bool {
    assert!(optional, "{}", message);
    optional
}

/// Passes on the shape of a flattened field, and fails to compile when it is not read again from among other fields.
#[track_caller]
pub const fn flattened(shape: Shape) -> Shape {
    assert!(
        shape.has_fields(Among::Fields) || shape.is_untagged(),
        "only a type with fields, a map or an enum can be flattened; remove `#[serde(flatten)]`"
    );
    assert!(
        shape.has_fields(Among::Fields),
        "an untagged enum is read again from among other fields only if each of its variants has fields; write a variant without any as `Name {{}}`, or give the enum a tag"
    );
    if let Shape::Option(inner) = &shape {
        assert!(
            !inner.reads_nothing(),
            "a flattened `Option` of what may have no fields at all is never read as `None`; remove the `Option`, or `#[serde(flatten)]`"
        );
    }
    buffered(shape)
}

/// Passes on the shape of a flattened field, and fails to compile when it has a key of the fields beside it.
#[track_caller]
pub const fn apart(shape: Shape, keys: &[&str], others: &[Shape]) -> Shape {
    let mut i = 0;
    while i < keys.len() {
        if shape.has_key(keys[i]) {
            twice(keys[i]);
        }
        i += 1;
    }
    i = 0;
    while i < others.len() {
        if let Some(key) = others[i].shared_key(&shape) {
            twice(key);
        }
        assert!(
            !others[i].reads_all_keys() || shape.is_null(),
            "a flattened map reads the keys of what is flattened after it as well, so they would come back twice; have one map, as the last field"
        );
        assert!(
            !shape.reads_all_keys() || !others[i].leaves_its_keys(),
            "a flattened map reads the keys of what is flattened before it as well, where that is an enum with an internal tag or without one, or a struct with flattened fields of its own; write the enum with its tag outside, the fields of the struct in its place, or the map as a field"
        );
        i += 1;
    }
    shape
}

/// Passes on the shape of a content that is written beside its tag, and fails to compile when it has that key too.
#[track_caller]
pub const fn beside_tag(shape: Shape, tag: &str) -> Shape {
    if shape.has_key(tag) {
        twice(tag);
    }
    shape
}

#[track_caller]
const fn twice(key: &str) {
    let mut message = Message::new();
    message.add("the key ");
    message.quote(key);
    message.add(" would be written twice into one object, and is then not read; rename one of the two");
    message.fail();
}

/// Passes on the shape of an untagged enum, and fails to compile when its variant at `index` is always read as an earlier
/// one.
#[track_caller]
pub const fn read_as_itself(shape: Shape, index: usize) -> Shape {
    if let Shape::Enum { variants, .. } = &shape
        && let Some(other) = mistaken_for(variants, index)
    {
        let mut message = Message::new();
        message.add("every value of ");
        message.quote(variants[index].name);
        message.add(" is read as ");
        message.quote(other);
        message.add(", which comes first, as an untagged enum reads the first variant that fits; put ");
        message.quote(variants[index].name);
        message.add(" before it, or give the enum a tag");
        message.fail();
    }
    shape
}

/// Passes on the shape of a field, and fails to compile when it holds values that JSON does not tell apart.
#[track_caller]
pub const fn kept(shape: Shape) -> Shape {
    assert!(
        shape.tells_none_from_some(),
        "an `Option` of what may be `null` itself is always read as `None`; say it with one `Option`, with an enum, or through `serde_with::rust::double_option`"
    );
    shape
}

/// Passes on a shape that serde buffers before it knows the type, and fails to compile when that loses something.
#[track_caller]
pub const fn buffered(shape: Shape) -> Shape {
    assert!(
        shape.survives_buffering(),
        "serde does not read maps with numbers or `bool` as keys in a flattened field, nor in an enum with an internal tag or without one; use text as keys, or an enum with its tag outside"
    );
    shape
}

/// Passes on the shape of an internally tagged content, and fails to compile with `message` when it is no object.
#[track_caller]
pub const fn has_room_for_a_tag(shape: Shape, message: &str) -> Shape {
    assert!(shape.has_fields(Among::Tag), "{}", message);
    shape
}

/// Passes on the shape of a flattened field that is not always written, and fails to compile with `message` when it is
/// not read from nothing.
#[track_caller]
pub const fn read_from_nothing(shape: Shape, message: &str) -> Shape {
    assert!(shape.reads_nothing(), "{}", message);
    shape
}

/// The shape of the content of a variant whose name stands outside.
pub const fn content(shape: Shape) -> Shape {
    shape.as_content()
}

/// The fingerprint of [`content`].
pub const fn content_fingerprint(shape: &Shape, fingerprint: u64) -> u64 {
    if shape.is_null() { hash::node("option", hash::leaf("null")) } else { fingerprint }
}

/// Passes on the shape of a field that leads back to the type it is a field of, and fails to compile when it does so
/// from inside another type that contains itself. `probed` is the same with a probe in the place of the type.
#[track_caller]
pub const fn contained_once(shape: Shape, probed: &Shape) -> Shape {
    assert!(
        !probed.has_probe(false),
        "the type of this field contains itself as well, and a schema cannot tell which of the two comes again; put `#[schema(recursive)]` on the field"
    );
    shape
}

/// Passes on the shape of a type that contains itself, and fails to compile when that would be without end.
#[track_caller]
pub const fn recursive(shape: Shape) -> Shape {
    assert!(
        !shape.flattens_itself(),
        "a struct flattened into itself would write each of its keys again; remove `#[serde(flatten)]`"
    );
    assert!(
        !shape.chooses_itself(),
        "an untagged variant that is the enum itself would be read from the same value without end; give the enum a tag, or put the variant into a struct or a list"
    );
    shape
}
