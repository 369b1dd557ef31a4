//! How fingerprints are put together, from the words of the lock and the fingerprints of the parts.
//!
//! The derive uses this same file: it takes the names in while it expands, and reads fingerprints from a lock. So only
//! numbers are left for the compiler to mix. What comes out is stored, so nothing here may ever change.

/// What has no parts.
pub const fn leaf(word: &str) -> u64 {
    finish(begin(word))
}

/// What is made of one part.
pub const fn node(word: &str, part: u64) -> u64 {
    finish(step(begin(word), part))
}

/// The state of a sequence before its parts.
pub const fn begin(word: &str) -> u64 {
    text(START, word)
}

/// What is made of some parts, in their order.
pub const fn sequence(word: &str, parts: &[u64]) -> u64 {
    let mut state = begin(word);
    let mut i = 0;
    while i < parts.len() {
        state = step(state, parts[i]);
        i += 1;
    }
    finish(state)
}

/// The key of a field, or the name of a variant, and the other ones that are read as it, in any order.
pub const fn names(name: &str, aliases: &[&str]) -> u64 {
    let mut sum: u64 = 0;
    let mut i = 0;
    while i < aliases.len() {
        sum = sum.wrapping_add(leaf(aliases[i]));
        i += 1;
    }
    step(text(START, name), sum)
}

/// In place of names, where only the order tells parts apart: flattened fields, and variants without a tag.
pub const fn place(index: u64) -> u64 {
    step(START, index)
}

/// A field or a variant: its [`names`] or [`place`], its shape, and whether it is optional or takes unknown names.
pub const fn part(names: u64, shape: u64, flag: bool) -> u64 {
    finish(step(step(names, shape), if flag { 1 } else { 0 }))
}

/// A struct or an enum, from the sum of its parts: so their order does not count.
pub const fn whole(kind: u64, count: u64, sum: u64) -> u64 {
    finish(step(step(kind, count), sum))
}

/// A struct or an enum, from what [`part`] takes.
pub const fn parts(kind: u64, parts: &[(u64, u64, bool)]) -> u64 {
    let mut sum: u64 = 0;
    let mut count = 0;
    let mut rest = parts;
    while let [(names, shape, flag), tail @ ..] = rest {
        sum = sum.wrapping_add(part(*names, *shape, *flag));
        count += 1;
        rest = tail;
    }
    whole(kind, count, sum)
}

/// The kind of a struct.
pub const fn structure(closed: bool) -> u64 {
    leaf(if closed { "closed struct" } else { "struct" })
}

/// The kind of an enum whose variants' names are keys.
pub const fn external() -> u64 {
    leaf("enum")
}

/// The kind of an enum with its variants' names in a field.
pub const fn internal(tag: &str) -> u64 {
    finish(text(text(START, "tagged by"), tag))
}

/// The kind of an enum with its variants' names in one field and their content in another.
pub const fn adjacent(tag: &str, content: &str) -> u64 {
    finish(text(text(text(START, "tagged with content"), tag), content))
}

/// The kind of an enum without names.
pub const fn untagged() -> u64 {
    leaf("untagged enum")
}

const START: u64 = 0x9e37_79b9_7f4a_7c15;

const fn text(state: u64, text: &str) -> u64 {
    let mut state = state;
    let mut rest = text.as_bytes();
    while let [a, b, c, d, e, f, g, h, tail @ ..] = rest {
        state = step(state, u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]));
        rest = tail;
    }
    // The leading one tells how many bytes follow it.
    let mut last: u64 = 1;
    while let [byte, tail @ ..] = rest {
        last = (last << 8) | u64::from_le_bytes([*byte, 0, 0, 0, 0, 0, 0, 0]);
        rest = tail;
    }
    step(state, last)
}

/// Takes one number in: an exclusive or and an odd multiplication lose nothing, the shift brings high bits down.
pub const fn step(state: u64, word: u64) -> u64 {
    let mixed = (state ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd);
    (mixed ^ (mixed >> 32)).wrapping_add(START)
}

/// Ends with all bits depending on all others.
pub const fn finish(state: u64) -> u64 {
    let mixed = (state ^ (state >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 33)
}
