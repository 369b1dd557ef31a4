//! What is ours in the words of a compiler: messages, and the places they point at.

use std::{collections::BTreeSet, process::Command};

/// The compiler whose every word is compared.
const PINNED: &str = "rustc 1.95.";

/// What a message says, and `line:column` it points at.
pub(crate) type Said = (String, String);

/// The first words of messages that are ours though rustc gives them a code.
const OURS: [&str; 6] = [
    "is not an event type",
    "has no schema, so it cannot be part of a stored event",
    "does not say how",
    "does not decide on",
    "there is no step from",
    "is not an aggregate",
];

/// Whether this is the pinned compiler, and nobody asked for less.
pub(crate) fn every_word_counts() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("rustc runs");
    output.stdout.starts_with(PINNED.as_bytes()) && std::env::var_os("UI_LINES_ONLY").is_none()
}

/// Our messages in what a compiler writes: each with the place that follows it.
pub(crate) fn in_text(text: &str) -> BTreeSet<Said> {
    let mut said = BTreeSet::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(mut message) = ours(line) else { continue };
        // A message of several lines goes on, indented, up to the place.
        while let Some(more) = lines.next_if(|next| next.starts_with(' ') && place(next).is_none()) {
            message.push('\n');
            message.push_str(more.trim());
        }
        let place = lines.peek().and_then(|next| place(next)).unwrap_or_default();
        let mut parts = place.rsplitn(3, ':');
        let (column, row) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        said.insert((message, format!("{row}:{column}")));
    }
    said
}

fn place(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("--> ")
}

/// The message when it is one of ours: without a code it is a derive's; with one, a trait's or a constant's.
fn ours(line: &str) -> Option<String> {
    if let Some(message) = line.strip_prefix("error: ") {
        let of_cargo = message.starts_with("aborting") || message.starts_with("could not compile");
        return (!of_cargo).then(|| message.to_owned());
    }
    let (_, message) = line.strip_prefix("error[E0")?.split_once("]: ")?;
    if let Some((_, panicked)) = message.split_once("panicked: ") {
        return Some(panicked.to_owned());
    }
    OURS.iter().any(|words| message.contains(words)).then(|| message.to_owned())
}
