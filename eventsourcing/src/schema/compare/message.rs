//! Text put together at compile time. What does not fit is cut off.

use crate::schema::shape::{Shape, Tagging};

/// What the compiler is to say.
pub(crate) type Message = Text<4096>;

/// A text in the making, of up to so many bytes.
pub(crate) struct Text<const ROOM: usize> {
    bytes: [u8; ROOM],
    length: usize,
}

impl<const ROOM: usize> Text<ROOM> {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; ROOM], length: 0 }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub(crate) const fn add(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        while let [byte, tail @ ..] = rest {
            self.push(*byte);
            rest = tail;
        }
    }

    /// One byte of a text that is added byte by byte.
    pub(crate) const fn push(&mut self, byte: u8) {
        if self.length < ROOM {
            self.bytes[self.length] = byte;
            self.length += 1;
        }
    }

    /// Whether something may have been cut off.
    pub(crate) const fn is_full(&self) -> bool {
        self.length == ROOM
    }

    /// The whole text, without a character that was cut in two.
    pub(crate) const fn text(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.length);
        match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(error) => match std::str::from_utf8(text.split_at(error.valid_up_to()).0) {
                Ok(text) => text,
                Err(_) => "",
            },
        }
    }

    #[track_caller]
    pub(crate) const fn fail(&self) {
        panic!("{}", self.text());
    }

    /// The name in backquotes.
    pub(crate) const fn quote(&mut self, name: &str) {
        self.add("`");
        self.add(name);
        self.add("`");
    }

    /// A shape in the words of the lock, without its parts.
    pub(super) const fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Null => self.add("null"),
            Shape::Bool => self.add("bool"),
            Shape::Integer(integer) => self.add(integer.word()),
            Shape::NonZero(integer) => {
                self.add("nonzero ");
                self.add(integer.word());
            }
            Shape::Float(float) => self.add(float.word()),
            Shape::Char => self.add("char"),
            Shape::String => self.add("string"),
            Shape::Text(format) => {
                self.add("text ");
                self.add(format);
            }
            Shape::Any => self.add("any"),
            Shape::Option(inner) => self.of("option of ", inner),
            Shape::List(inner) => self.of("list of ", inner),
            Shape::Set(inner) => self.of("set of ", inner),
            Shape::Array(inner, count) => {
                self.add("array of ");
                self.number(*count);
                self.of(" ", inner);
            }
            Shape::Tuple(shapes) => {
                self.add("tuple of ");
                self.number(shapes.len());
            }
            Shape::Map { key, value } => {
                self.of("map from ", key);
                self.of(" to ", value);
            }
            Shape::Struct { .. } => self.add("struct"),
            Shape::Enum { tagging, .. } => self.tagging(tagging),
            Shape::Recursive(inner) => self.of("recursive ", inner),
            Shape::Itself => self.add("itself"),
            Shape::Cut(_) => self.add("cut"),
            Shape::Stated(inner, _) => self.shape(inner),
            Shape::Ordered(inner) => self.of("ordered ", inner),
            Shape::Format(format, inner) if format.is_empty() => self.shape(inner),
            Shape::Format(format, inner) => {
                self.add("format ");
                self.add(format);
                self.of(" ", inner);
            }
        }
    }

    const fn of(&mut self, word: &str, inner: &Shape) {
        self.add(word);
        self.shape(inner);
    }

    const fn tagging(&mut self, tagging: &Tagging) {
        match tagging {
            Tagging::External => self.add("enum"),
            Tagging::Internal { tag } => {
                self.add("enum tagged by ");
                self.add(tag);
            }
            Tagging::Adjacent { tag, content } => {
                self.add("enum tagged by ");
                self.add(tag);
                self.add(" with content in ");
                self.add(content);
            }
            Tagging::Untagged => self.add("untagged enum"),
        }
    }

    /// The number in decimal.
    pub(crate) const fn number(&mut self, number: usize) {
        if number >= 10 {
            self.number(number / 10);
        }
        let (_, from_digit) = "0123456789".split_at(number % 10);
        self.add(from_digit.split_at(1).0);
    }
}
