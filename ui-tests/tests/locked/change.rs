//! What changed between two texts of types, as cells of a table: the lines that only one of them has.

/// A line that says something about what is stored.
struct Line<'a> {
    text: &'a str,
    indent: usize,
    /// Whether it is shown.
    shown: bool,
    /// The same line on the other side.
    twin: Option<usize>,
}

impl Line<'_> {
    fn same(&self, other: &Line<'_>) -> bool {
        self.text == other.text && self.indent == other.indent
    }
}

/// The cells of before and after.
pub(crate) fn cells(before: &str, after: &str) -> (String, String) {
    let (mut before, mut after) = (lines(before), lines(after));
    find_twins(&mut before, &mut after);
    if before.iter().any(|line| line.shown) && texts(&before) == texts(&after) {
        // Lines were only moved: they are shown where they were and where they are.
        show_all_between_what_is_equal(&mut before, &mut after);
    }
    show_what_attributes_are_on(&mut before, &mut after);
    show_what_attributes_are_on(&mut after, &mut before);
    (cell(&before), cell(&after))
}

/// No imports, derives, conversions and lone braces.
fn lines(types: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut conversion = false;
    for line in types.lines() {
        conversion |= line.starts_with("impl ");
        let text = line.trim();
        let says =
            text.chars().any(char::is_alphanumeric) && !text.starts_with("use ") && !text.starts_with("#[derive(");
        if says && !conversion {
            lines.push(Line { text, indent: line.len() - line.trim_start().len(), shown: true, twin: None });
        }
        conversion &= line != "}";
    }
    lines
}

/// Hides the longest common sequence of lines.
fn find_twins(before: &mut [Line<'_>], after: &mut [Line<'_>]) {
    // The length of that sequence, from each place on.
    let mut common = vec![vec![0_usize; after.len() + 1]; before.len() + 1];
    for i in (0..before.len()).rev() {
        for j in (0..after.len()).rev() {
            common[i][j] = if before[i].same(&after[j]) {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < before.len() && j < after.len() {
        if before[i].same(&after[j]) {
            (before[i].shown, before[i].twin) = (false, Some(j));
            (after[j].shown, after[j].twin) = (false, Some(i));
            (i, j) = (i + 1, j + 1);
        } else if common[i + 1][j] >= common[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
}

/// The lines that are shown, sorted.
fn texts<'a>(lines: &[Line<'a>]) -> Vec<&'a str> {
    let mut texts: Vec<&str> = lines.iter().filter(|line| line.shown).map(|line| line.text).collect();
    texts.sort_unstable();
    texts
}

fn show_all_between_what_is_equal(before: &mut [Line<'_>], after: &mut [Line<'_>]) {
    let (pairs, back) = (before.iter().zip(&*after), before.iter().rev().zip(after.iter().rev()));
    let head = pairs.take_while(|(one, other)| one.same(other)).count();
    let tail = back.take_while(|(one, other)| one.same(other)).count();
    before.iter_mut().rev().skip(tail).rev().skip(head).for_each(|line| line.shown = true);
    after.iter_mut().rev().skip(tail).rev().skip(head).for_each(|line| line.shown = true);
}

/// An attribute alone says nothing: what it is on is shown on both sides.
fn show_what_attributes_are_on(lines: &mut [Line<'_>], others: &mut [Line<'_>]) {
    for attribute in 0..lines.len() {
        if lines[attribute].shown && lines[attribute].text.starts_with(['#', '/']) && attribute + 1 < lines.len() {
            lines[attribute + 1].shown = true;
            if let Some(twin) = lines[attribute + 1].twin {
                others[twin].shown = true;
            }
        }
    }
}

fn cell(lines: &[Line<'_>]) -> String {
    let mut code = Vec::new();
    let mut rest = lines;
    while let Some((line, mut after)) = rest.split_first() {
        if line.shown {
            let (text, taken) = item(line, after);
            after = &after[taken..];
            code.push(format!("`{}`", text.replace('|', "\\|")));
        }
        rest = after;
    }
    if code.is_empty() { "–".to_owned() } else { code.join("<br>") }
}

/// The text of an item that begins on this line, and how many of the following lines it takes.
fn item(line: &Line<'_>, after: &[Line<'_>]) -> (String, usize) {
    let text = line.text.strip_prefix("pub ").unwrap_or(line.text).trim_end_matches(',');
    if text.starts_with('#') || text.starts_with('/') {
        let Some((on, after)) = after.split_first() else { return (text.to_owned(), 0) };
        let (next, taken) = item(on, after);
        // A comment of Rust ends with its line.
        let text = text.strip_prefix("/// ").map_or(text.to_owned(), |text| format!("/** {text} */"));
        return (format!("{text} {next}"), taken + 1);
    }
    let Some(head) = text.strip_suffix('{') else { return (text.to_owned(), 0) };
    let body = after.iter().take_while(|inner| inner.indent > line.indent).count();
    if body == 0 || after[..body].iter().any(|inner| !inner.shown) {
        return (format!("{head}{{ .. }}"), 0);
    }
    let mut parts = Vec::new();
    let mut inside = &after[..body];
    while let Some((first, rest)) = inside.split_first() {
        let (text, taken) = item(first, rest);
        parts.push(text);
        inside = &rest[taken..];
    }
    (format!("{head}{{ {} }}", parts.join(", ")), body)
}
