//! One line of the lock, read from left to right.

use syn::LitStr;

/// What is left of a line.
pub(super) struct Text<'a>(&'a str);

impl<'a> Text<'a> {
    pub(super) fn new(line: &'a str) -> Self {
        Self(line)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the line goes on with this; if so it is passed over.
    pub(super) fn eat(&mut self, expected: &str) -> bool {
        match self.0.strip_prefix(expected) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// A name: bare, or as a Rust string literal.
    pub(super) fn name(&mut self) -> Option<String> {
        if !self.0.starts_with('"') {
            return self.run(|char| char.is_ascii_alphanumeric() || "_.-".contains(char)).map(str::to_owned);
        }
        let mut escaped = false;
        let end = self.0.char_indices().skip(1).find_map(|(at, char)| {
            let ends = char == '"' && !escaped;
            escaped = char == '\\' && !escaped;
            ends.then_some(at + 1)
        })?;
        let (literal, rest) = self.0.split_at(end);
        let name = syn::parse_str::<LitStr>(literal).ok()?.value();
        self.0 = rest;
        Some(name)
    }

    pub(super) fn number<N: std::str::FromStr>(&mut self) -> Option<N> {
        self.run(|char| char.is_ascii_digit())?.parse().ok()
    }

    /// The next word, up to a space.
    pub(super) fn word(&mut self) -> &'a str {
        let end = self.0.find(' ').unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        self.0 = rest.strip_prefix(' ').unwrap_or(rest);
        word
    }

    /// The JSON before the next `: ` that is outside of strings and brackets, with what stands in parentheses after it.
    pub(super) fn json(&mut self) -> Option<&'a str> {
        let json = self.up_to(": ")?;
        (!json.is_empty()).then_some(json)
    }

    /// What stands in parentheses here, which are passed over with the space after them.
    pub(super) fn parenthesized(&mut self) -> Option<&'a str> {
        let mut inside = Self(self.0.strip_prefix('(')?);
        let text = inside.up_to(") ")?;
        self.0 = inside.0.strip_prefix(") ")?;
        Some(text)
    }

    /// What stands before these characters, where they are outside of strings and brackets.
    fn up_to(&mut self, end: &str) -> Option<&'a str> {
        let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
        let end = self.0.char_indices().find_map(|(at, char)| {
            match char {
                _ if escaped => escaped = false,
                '\\' if quoted => escaped = true,
                '"' => quoted = !quoted,
                _ if quoted => {}
                _ if depth == 0 && self.0[at..].starts_with(end) => return Some(at),
                '{' | '[' | '(' => depth += 1,
                '}' | ']' | ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            None
        })?;
        let (text, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(text)
    }

    fn run(&mut self, belongs: impl Fn(char) -> bool) -> Option<&'a str> {
        let end = self.0.find(|char| !belongs(char)).unwrap_or(self.0.len());
        let (run, rest) = self.0.split_at(end);
        self.0 = rest;
        (!run.is_empty()).then_some(run)
    }
}
