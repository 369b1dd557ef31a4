//! Each tag is of one of the event types that are composed.

use crate::{
    schema::{EventTypes, compare::Message},
    vocabulary::same,
};

/// Whether the events of these types include one with this tag, retired ones included.
pub const fn has_tag(types: &EventTypes, tag: &str) -> bool {
    let mut i = 0;
    while i < types.own.len() {
        if same(types.own[i].tag, tag) {
            return true;
        }
        i += 1;
    }
    i = 0;
    while i < types.retired.len() {
        if same(types.retired[i].tag, tag) {
            return true;
        }
        i += 1;
    }
    i = 0;
    while i < types.nested.len() {
        if has_tag(types.nested[i], tag) {
            return true;
        }
        i += 1;
    }
    false
}

/// Fails to compile when a tag belongs to two of the event types that are composed.
///
/// The derive of each type has compared the tags of its own variants.
#[track_caller]
pub const fn each_tag_is_of_one_type(name: &str, names: &[&str], types: &EventTypes) {
    let bare = EventTypes { nested: &[], ..*types };
    let mut i = 0;
    while i < types.nested.len() {
        refuse_shared(name, names[i], types.nested[i], &bare);
        let mut j = 0;
        while j < i {
            refuse_shared(names[j], names[i], types.nested[i], types.nested[j]);
            j += 1;
        }
        i += 1;
    }
}

#[track_caller]
const fn refuse_shared(name: &str, other: &str, tags_of: &EventTypes, types: &EventTypes) {
    let mut i = 0;
    while i < tags_of.own.len() {
        refuse_tag(name, other, tags_of.own[i].tag, types);
        i += 1;
    }
    i = 0;
    while i < tags_of.retired.len() {
        refuse_tag(name, other, tags_of.retired[i].tag, types);
        i += 1;
    }
    i = 0;
    while i < tags_of.nested.len() {
        refuse_shared(name, other, tags_of.nested[i], types);
        i += 1;
    }
}

#[track_caller]
const fn refuse_tag(name: &str, other: &str, tag: &str, types: &EventTypes) {
    if has_tag(types, tag) {
        let mut message = Message::new();
        message.add("the tag ");
        message.quote(tag);
        message.add(" is in ");
        message.quote(name);
        message.add(" and in ");
        message.quote(other);
        message.add("; a stored event belongs to one of them, so give one another tag");
        message.fail();
    }
}
