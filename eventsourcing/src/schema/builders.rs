//! Fields and variants as hand-written schemas and the derive build them. They are no literals, so that a later version of
//! the library may know more of them.

use crate::schema::{
    default::DefaultValue,
    shape::{CodePlace, Field, Shape, Variant},
};

impl Field {
    /// A field that is not absent when it is read, and nothing else: the methods below say more.
    ///
    /// ```
    /// use eventsourcing::{
    ///     Schema,
    ///     schema::{Field, Shape},
    /// };
    ///
    /// struct Money;
    ///
    /// impl Schema for Money {
    ///     const SHAPE: Shape = Shape::Struct {
    ///         fields: &[Field::new("cents", i64::SHAPE), Field::new("currency", String::SHAPE).optional(true)],
    ///         closed: false,
    ///     };
    /// }
    /// # let Shape::Struct { fields, .. } = Money::SHAPE else { unreachable!() };
    /// # assert!(!fields[0].optional && fields[1].optional);
    /// ```
    #[must_use]
    pub const fn new(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            aliases: &[],
            shape,
            optional: false,
            flatten: false,
            read_only: false,
            default: DefaultValue::NONE,
            origin: CodePlace::UNKNOWN,
        }
    }

    /// Other keys are read as this field.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Whether it may be absent: [`Schema::OPTIONAL`](crate::Schema::OPTIONAL) of its type, if it has no default.
    #[must_use]
    pub const fn optional(mut self, optional: bool) -> Self {
        self.optional = optional;
        self
    }

    /// The fields of the value stand in place of this one.
    #[must_use]
    pub const fn flatten(mut self) -> Self {
        self.flatten = true;
        self
    }

    /// It is read and never written.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// What it is when it is absent. Say as well that it is [`optional`](Self::optional).
    #[must_use]
    pub const fn default(mut self, default: DefaultValue) -> Self {
        self.default = default;
        self
    }

    /// Where a derive has found it.
    #[doc(hidden)]
    #[must_use]
    pub const fn at(mut self, place: &'static str) -> Self {
        self.origin = CodePlace(place);
        self
    }
}

impl Variant {
    /// A variant with this name and content; [`Shape::Null`] for a unit variant.
    ///
    /// ```
    /// use eventsourcing::{
    ///     Schema,
    ///     schema::{Shape, Tagging, Variant},
    /// };
    ///
    /// enum Side {
    ///     Left,
    ///     Right,
    /// }
    ///
    /// impl Schema for Side {
    ///     const SHAPE: Shape = Shape::Enum {
    ///         tagging: Tagging::External,
    ///         variants: &[Variant::new("left", Shape::Null), Variant::new("right", Shape::Null).aliases(&["r"])],
    ///     };
    /// }
    /// # let (Side::Left | Side::Right) = Side::Left;
    /// ```
    #[must_use]
    pub const fn new(name: &'static str, shape: Shape) -> Self {
        Self { name, aliases: &[], shape, other: false, read_only: false, origin: CodePlace::UNKNOWN }
    }

    /// Other names are read as this variant.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// Unknown names are read as this variant.
    #[must_use]
    pub const fn other(mut self) -> Self {
        self.other = true;
        self
    }

    /// It is read and never written.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Where a derive has found it.
    #[doc(hidden)]
    #[must_use]
    pub const fn at(mut self, place: &'static str) -> Self {
        self.origin = CodePlace(place);
        self
    }
}
