//! The lines of a section, as locked events.

use super::{
    COMMAND, Fault, LockedEvent, damaged,
    shape::{Behind, Field, Shape, Variant, leaf_of},
    text::Text,
};
use crate::tagging::Tagging;

/// The events of a section whose first line has this number.
pub(super) fn events(section: &str, first: usize) -> Result<Vec<LockedEvent>, Fault> {
    // The text begins after the section's own line, so with an empty rest of that.
    let lines: Vec<Line<'_>> =
        (first.saturating_sub(1)..).zip(section.lines()).filter_map(|(number, line)| Line::new(number, line)).collect();
    if let Some(marker) = lines.iter().find(|line| is_conflict(line.text)) {
        return Err(conflict(marker.number));
    }
    let mut lines = Lines { list: &lines, at: 0 };
    let mut events: Vec<LockedEvent> = Vec::new();
    while let Some(line) = lines.next(0)? {
        let event = lines.event(line)?;
        if events.iter().any(|other| (&other.tag, other.version) == (&event.tag, event.version)) {
            return Err(line.fault("this version of the event stands twice in the file"));
        }
        events.push(event);
    }
    Ok(events)
}

/// Whether a merge has left this line.
pub(super) fn is_conflict(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|marker| line.starts_with(marker))
}

pub(super) fn conflict(line: usize) -> Fault {
    Fault(format!(
        "events.lock:{line}: a merge has left a conflict here; take either side of it, or both, and then run `{COMMAND}`: it adds what the merged code has and the file lacks"
    ))
}

/// The depth of a line that is indented by something else than levels; it fits nowhere.
const ODD: usize = usize::MAX;

#[derive(Clone, Copy)]
struct Line<'a> {
    number: usize,
    depth: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn new(number: usize, line: &'a str) -> Option<Self> {
        let text = line.trim();
        let indent = line.len() - line.trim_start_matches(' ').len();
        let is_even = indent.is_multiple_of(4) && !line[indent..].starts_with(char::is_whitespace);
        let depth = if is_even { indent / 4 } else { ODD };
        (!text.is_empty() && !text.starts_with('#')).then_some(Self { number, depth, text })
    }

    fn fault(&self, what: &str) -> Fault {
        damaged(self.number, what)
    }
}

struct Lines<'a> {
    list: &'a [Line<'a>],
    at: usize,
}

impl<'a> Lines<'a> {
    /// The next line, if it is of this depth; one that is deeper belongs to nothing.
    fn next(&mut self, depth: usize) -> Result<Option<Line<'a>>, Fault> {
        match self.list.get(self.at) {
            Some(line) if line.depth == depth => {
                self.at += 1;
                Ok(Some(*line))
            }
            Some(line) if line.depth == ODD => Err(line.fault("this line is not indented by levels of four spaces")),
            Some(line) if line.depth > depth => Err(line.fault("this line is indented further than it should")),
            _ => Ok(None),
        }
    }

    fn event(&mut self, line: Line<'_>) -> Result<LockedEvent, Fault> {
        let mut text = Text::new(line.text);
        let no_event = || line.fault("this is no event: it would be `tag version`");
        let tag = text.name().filter(|_| text.eat(" ")).ok_or_else(no_event)?;
        let version = text.number().filter(|version| *version > 0).ok_or_else(no_event)?;
        let shape = if text.is_empty() {
            Shape::Struct { fields: self.fields(1)?, closed: false }
        } else if text.eat(": ") {
            self.shape(&line, text)?
        } else {
            return Err(no_event());
        };
        Ok(LockedEvent { tag, version, shape })
    }

    fn shape(&mut self, line: &Line<'_>, mut text: Text<'_>) -> Result<Shape, Fault> {
        let inside = line.depth + 1;
        let word = text.word();
        let nested = |lines: &mut Self, text, of: fn(Box<Shape>) -> Shape| Ok(of(Box::new(lines.shape(line, text)?)));
        let shape = match word {
            "option" if text.eat("of ") => return nested(self, text, Shape::Option),
            "list" if text.eat("of ") => return nested(self, text, Shape::List),
            "set" if text.eat("of ") => return nested(self, text, Shape::Set),
            "ordered" => return nested(self, text, Shape::Ordered),
            "format" => {
                let format = text.name().filter(|_| text.eat(" ")).ok_or_else(|| line.fault("a format has a name"))?;
                return Ok(Shape::Format(format, Box::new(self.shape(line, text)?)));
            }
            "cut" if text.is_empty() => Shape::Cut(Behind::Unknown),
            "cut" if text.eat("back ") => {
                let steps = text.number().filter(|steps| *steps > 0);
                Shape::Cut(Behind::Back(steps.ok_or_else(|| line.fault("a cut leads back by so many"))?))
            }
            "cut" => return nested(self, text, |inner| Shape::Cut(Behind::Shape(inner))),
            "recursive" => return nested(self, text, Shape::Recursive),
            "stated" => {
                let adapter = text.parenthesized().map(str::to_owned);
                return Ok(Shape::Stated(adapter, Box::new(self.shape(line, text)?)));
            }
            "array" if text.eat("of ") => {
                let length =
                    text.number().filter(|_| text.eat(" ")).ok_or_else(|| line.fault("an array has a length"))?;
                return Ok(Shape::Array(length, Box::new(self.shape(line, text)?)));
            }
            "map" if text.eat("from ") => {
                let key = key(&mut text).filter(|_| text.eat("to ")).ok_or_else(|| line.fault("a map has keys"))?;
                return Ok(Shape::Map(Box::new(key), Box::new(self.shape(line, text)?)));
            }
            "map" => Shape::Map(
                Box::new(self.labelled(line, inside, "key")?),
                Box::new(self.labelled(line, inside, "value")?),
            ),
            "nonzero" => match leaf_of(text.word()).filter(|leaf| leaf.variant == "Integer") {
                Some(leaf) => Shape::NonZero(leaf),
                None => return Err(line.fault("only integers are `nonzero`")),
            },
            "text" => Shape::Text(text.name().ok_or_else(|| line.fault("a text has a format"))?),
            "tuple" => Shape::Tuple(self.elements(inside)?),
            "struct" => Shape::Struct { fields: self.fields(inside)?, closed: false },
            "closed" if text.eat("struct") => Shape::of_a_closed_struct(self.fields(inside)?),
            "plain" if text.eat("closed struct") => Shape::Struct { fields: self.fields(inside)?, closed: true },
            "untagged" if text.eat("enum") => self.choice(Tagging::Untagged, inside)?,
            "enum" => {
                let tagging = tagging(&mut text).ok_or_else(|| line.fault("an enum is `tagged by` a name"))?;
                self.choice(tagging, inside)?
            }
            word => Shape::Leaf(leaf_of(word).ok_or_else(|| line.fault(&format!("`{word}` is no shape")))?),
        };
        if text.is_empty() { Ok(shape) } else { Err(line.fault("there is more on this line than a shape")) }
    }

    fn fields(&mut self, depth: usize) -> Result<Vec<Field>, Fault> {
        let mut fields = Vec::new();
        while let Some(line) = self.next(depth)? {
            let mut text = Text::new(line.text);
            let names = if text.eat("..") { Vec::new() } else { names(&line, &mut text)? };
            let optional = text.eat("?");
            let default = if optional && text.eat(" = ") {
                Some(text.json().ok_or_else(|| line.fault("a default is a value of JSON"))?.to_owned())
            } else {
                None
            };
            if !text.eat(": ") {
                return Err(line.fault("this is no field: it would be `name: shape`"));
            }
            let shape = self.shape(&line, text)?;
            let mut names = names.into_iter();
            let name = names.next();
            if name.is_some() && fields.iter().any(|field: &Field| field.name == name) {
                return Err(line.fault("this field stands twice in the struct"));
            }
            fields.push(Field { name, aliases: names.collect(), optional, default, shape });
        }
        Ok(fields)
    }

    fn choice(&mut self, tagging: Tagging, depth: usize) -> Result<Shape, Fault> {
        let mut variants = Vec::new();
        while let Some(line) = self.next(depth)? {
            let mut text = Text::new(line.text);
            let mut names = names(&line, &mut text)?.into_iter();
            let other = text.eat(" (other)");
            let shape = if text.is_empty() {
                Shape::null()
            } else if text.eat(": ") {
                self.shape(&line, text)?
            } else {
                return Err(line.fault("this is no variant: it would be `Name`, or `Name: shape`"));
            };
            let name = names.next().unwrap_or_default();
            if variants.iter().any(|variant: &Variant| variant.name == name) {
                return Err(line.fault("this variant stands twice in the enum"));
            }
            variants.push(Variant { name, aliases: names.collect(), other, shape });
        }
        Ok(Shape::Enum { tagging, variants })
    }

    fn elements(&mut self, depth: usize) -> Result<Vec<Shape>, Fault> {
        let mut shapes = Vec::new();
        while let Some(line) = self.next(depth)? {
            let mut text = Text::new(line.text);
            if text.number() != Some(shapes.len()) || !text.eat(": ") {
                return Err(line.fault("this is no element of a tuple: it would be its index, `:`, and its shape"));
            }
            shapes.push(self.shape(&line, text)?);
        }
        Ok(shapes)
    }

    fn labelled(&mut self, above: &Line<'_>, depth: usize, label: &str) -> Result<Shape, Fault> {
        let line = self.next(depth)?.ok_or_else(|| above.fault(&format!("a map has a `{label}`")))?;
        let mut text = Text::new(line.text);
        if text.eat(label) && text.eat(": ") {
            return self.shape(&line, text);
        }
        Err(line.fault(&format!("this would be the `{label}` of a map")))
    }
}

/// The name of a field or a variant, and then its aliases.
fn names(line: &Line<'_>, text: &mut Text<'_>) -> Result<Vec<String>, Fault> {
    let mut names = Vec::new();
    loop {
        names.push(text.name().ok_or_else(|| line.fault("a name is missing here"))?);
        if !text.eat(" | ") {
            return Ok(names);
        }
    }
}

/// A key that has no parts.
fn key(text: &mut Text<'_>) -> Option<Shape> {
    match text.word() {
        "nonzero" => leaf_of(text.word()).map(Shape::NonZero),
        "text" => {
            let format = text.name()?;
            text.eat(" ").then_some(Shape::Text(format))
        }
        word => leaf_of(word).map(Shape::Leaf),
    }
}

/// What follows `enum`.
fn tagging(text: &mut Text<'_>) -> Option<Tagging> {
    if text.is_empty() {
        return Some(Tagging::External);
    }
    let tag = (text.eat("tagged by ")).then(|| text.name()).flatten()?;
    if text.is_empty() {
        return Some(Tagging::Internal(tag));
    }
    let content = (text.eat(" with content in ")).then(|| text.name()).flatten()?;
    Some(Tagging::Adjacent(tag, content))
}
