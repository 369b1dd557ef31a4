//! Names in Rust for names on the wire, which may be any text.

use super::today::counterpart;
use crate::{
    schema::{
        compare::{Text, fields::variant},
        shape::{Field, Variant},
    },
    vocabulary::same,
};

/// One name.
pub(super) type Word = Text<128>;

/// The name of a locked field: the one that it has today, or else the one on the wire as far as Rust takes it.
pub(super) const fn member(locked: &[Field], now: &[Field], at: usize) -> Word {
    let word = wanted_member(locked, now, at);
    let mut i = 0;
    while i < locked.len() {
        if i != at && same(wanted_member(locked, now, i).text(), word.text()) {
            return numbered("field_", at);
        }
        i += 1;
    }
    if word.is_empty() || word.is_full() { numbered("field_", at) } else { word }
}

const fn wanted_member(locked: &[Field], now: &[Field], at: usize) -> Word {
    let mut word = Word::new();
    match counterpart(locked, now, at) {
        Some(today) if !today.origin.member().is_empty() => word.add(today.origin.member()),
        _ if locked[at].flatten => word.add("flattened"),
        _ => snake(&mut word, locked[at].name),
    }
    word
}

/// The name of a locked variant.
pub(super) const fn variant_name(locked: &[Variant], now: &[Variant], at: usize) -> Word {
    let word = wanted_variant(locked, now, at);
    let mut i = 0;
    while i < locked.len() {
        if i != at && same(wanted_variant(locked, now, i).text(), word.text()) {
            return numbered("Variant", at);
        }
        i += 1;
    }
    let is_name = matches!(word.text().as_bytes(), [b'A'..=b'Z' | b'r', ..]) && !same(word.text(), "Self");
    if is_name && !word.is_full() { word } else { numbered("Variant", at) }
}

const fn wanted_variant(locked: &[Variant], now: &[Variant], at: usize) -> Word {
    let mut word = Word::new();
    match variant(now, locked[at].name) {
        Some(today) if same(today.name, locked[at].name) && !today.origin.member().is_empty() => {
            word.add(today.origin.member());
        }
        _ => camel(&mut word, locked[at].name),
    }
    word
}

const fn numbered(word: &str, number: usize) -> Word {
    let mut text = Word::new();
    text.add(word);
    text.number(number);
    text
}

/// The name without the mark of a keyword.
pub(super) const fn unraw(name: &str) -> &str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// The words of the name, each with a capital: `two words` as `TwoWords`. Only letters of ASCII and digits are kept.
pub(super) const fn camel<const ROOM: usize>(text: &mut Text<ROOM>, name: &str) {
    let mut begins = true;
    let mut rest = name.as_bytes();
    while let [byte, tail @ ..] = rest {
        if byte.is_ascii_alphanumeric() {
            text.push(if begins { byte.to_ascii_uppercase() } else { *byte });
        }
        begins = !byte.is_ascii_alphanumeric();
        rest = tail;
    }
}

/// The name in small letters, with `_` between its words; nothing when it is no name then.
const fn snake(word: &mut Word, name: &str) {
    let mut snake = Word::new();
    let mut before = b'_';
    let mut rest = name.as_bytes();
    while let [byte, tail @ ..] = rest {
        if byte.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            snake.push(b'_');
        }
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'A'..=b'Z' => snake.push(byte.to_ascii_lowercase()),
            b'_' | b'-' | b' ' | b'.' => snake.push(b'_'),
            _ => return,
        }
        before = *byte;
        rest = tail;
    }
    let name = snake.text();
    if !matches!(name.as_bytes(), [b'a'..=b'z', ..] | [b'_', b'a'..=b'z', ..])
        || is_one_of(name, &["self", "super", "crate"])
    {
        return;
    }
    if is_one_of(name, KEYWORDS) {
        word.add("r#");
    }
    word.add(name);
}

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

const fn is_one_of(name: &str, names: &[&str]) -> bool {
    let mut i = 0;
    while i < names.len() {
        if same(names[i], name) {
            return true;
        }
        i += 1;
    }
    false
}
