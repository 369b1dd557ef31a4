//! Collects the mistakes of one derive, so that all of them are reported, each at the token that is wrong.
//! Knows nothing of attributes or of what is derived.

use std::{
    cell::{Cell, RefCell},
    cmp::Reverse,
};

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far.
///
/// Dropping it without [`finish`](Self::finish) panics: a mistake must not get lost in a new code path.
pub(crate) struct Errors {
    found: RefCell<Option<syn::Error>>,
    finished: Cell<bool>,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Self { found: RefCell::new(None), finished: Cell::new(false) }
    }

    /// Reports a mistake at these tokens. Messages are lower case, without a full stop, and say what to do.
    pub(crate) fn at(&self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn push(&self, error: syn::Error) {
        match &mut *self.found.borrow_mut() {
            Some(found) => found.combine(error),
            none => *none = Some(error),
        }
    }

    /// Takes over the mistakes of a part; whether the part has none.
    pub(crate) fn take(&self, part: &Self) -> bool {
        part.finished.set(true);
        let found = part.found.take();
        let sound = found.is_none();
        if let Some(error) = found {
            self.push(error);
        }
        sound
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.borrow().is_none()
    }

    /// All mistakes as compile errors; `None` when there are none.
    pub(crate) fn finish(self) -> Option<TokenStream> {
        self.finished.set(true);
        self.found.take().map(|error| error.to_compile_error())
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        let told = self.finished.get() || std::thread::panicking();
        assert!(told, "the mistakes of a derive were collected and never reported");
    }
}

/// The candidate that was probably meant by `given`.
pub(crate) fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = given.chars().count().div_ceil(3);
    candidates
        .into_iter()
        .map(|candidate| (distance(given, candidate), Reverse(in_common(given, candidate)), candidate))
        .filter(|(distance, ..)| *distance <= limit)
        .min()
        .map(|(.., candidate)| candidate)
}

/// `` `a`, `b` and `c` ``
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.pop() {
        Some(last) if names.is_empty() => last,
        Some(last) => format!("{} and {last}", names.join(", ")),
        None => "none".to_owned(),
    }
}

/// A type as it would be written in a message.
pub(crate) fn text_of(ty: impl ToTokens) -> String {
    let mut text = ty.to_token_stream().to_string();
    for (spaced, tight) in
        [(" :: ", "::"), (":: ", "::"), (" < ", "<"), (" >", ">"), (" ,", ","), ("& ", "&"), ("' ", "'")]
    {
        text = text.replace(spaced, tight);
    }
    text
}

/// How many characters have to be added, removed, replaced, or swapped with the next one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// With how many characters both begin.
fn in_common(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_close_and_begins_alike() {
        let keys = ["prefix", "tag", "lock", "unlocked"];
        for (given, meant) in
            [("prefx", Some("prefix")), ("tga", Some("tag")), ("unlock", Some("unlocked")), ("owner", None)]
        {
            assert_eq!(nearest(given, keys), meant);
        }
    }
}
