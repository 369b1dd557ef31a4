//! Enums.

use super::{
    items::Keys,
    names::{unraw, variant_name},
    today::{content_of, fields_of, variants_of},
    writer::{Pass, Place, Use, Writer},
};
use crate::{
    schema::shape::{Shape, Tagging, Variant},
    vocabulary::same,
};

impl Writer {
    pub(super) const fn choice(
        &mut self,
        tagging: &Tagging,
        variants: &[Variant],
        now: Option<&Shape>,
        place: &Place<'_>,
        what: Use,
    ) {
        self.derives(what);
        match tagging {
            Tagging::External => {}
            Tagging::Internal { tag } => {
                self.add("#[serde(tag = ");
                self.literal(tag);
                self.add(")]\n");
            }
            Tagging::Adjacent { tag, content } => {
                self.add("#[serde(tag = ");
                self.literal(tag);
                self.add(", content = ");
                self.literal(content);
                self.add(")]\n");
            }
            Tagging::Untagged => self.add("#[serde(untagged)]\n"),
        }
        self.begin("enum ", place);
        self.add(" {\n");
        self.variants(Pass::Type, tagging, variants, variants_of(now), place);
        self.add("}\n");
        self.variants(Pass::Items, tagging, variants, variants_of(now), place);
    }

    /// The one that takes unknown names comes last, as serde wants it.
    const fn variants(
        &mut self,
        pass: Pass,
        tagging: &Tagging,
        variants: &[Variant],
        now: &[Variant],
        place: &Place<'_>,
    ) {
        let mut others = false;
        loop {
            let mut i = 0;
            while i < variants.len() {
                if variants[i].other == others {
                    let name = variant_name(variants, now, i);
                    if let Pass::Type = pass {
                        self.keys_of_variant(tagging, &variants[i], unraw(name.text()));
                        self.add("    ");
                        self.add(name.text());
                    }
                    let content = content_of(now, variants[i].name);
                    self.content(pass, tagging, &variants[i].shape, content, &place.then(unraw(name.text()), i));
                    if let Pass::Type = pass {
                        self.add(",\n");
                    }
                }
                i += 1;
            }
            if others {
                return;
            }
            others = true;
        }
    }

    const fn keys_of_variant(&mut self, tagging: &Tagging, variant: &Variant, name: &str) {
        let mut keys = Keys::new("    ");
        if !matches!(tagging, Tagging::Untagged) {
            if !same(name, variant.name) {
                keys.begin(self, "rename = ");
                self.literal(variant.name);
            }
            let mut i = 0;
            while i < variant.aliases.len() {
                keys.begin(self, "alias = ");
                self.literal(variant.aliases[i]);
                i += 1;
            }
        }
        if variant.other {
            keys.begin(self, "other");
        }
        keys.end(self);
    }

    /// What follows the name of a variant.
    const fn content(&mut self, pass: Pass, tagging: &Tagging, shape: &Shape, now: Option<&Shape>, place: &Place<'_>) {
        let is_outside = matches!(tagging, Tagging::External | Tagging::Adjacent { .. });
        match shape {
            Shape::Null => {}
            // The content of a variant that is `null`, see `Shape::as_content`.
            Shape::Option(Shape::Null) if is_outside => {
                if let Pass::Type = pass {
                    self.add("(())");
                }
            }
            Shape::Struct { fields, closed: false } => {
                let place = Place { is_around: true, ..*place };
                if let Pass::Type = pass {
                    self.add(" {\n");
                }
                self.fields(pass, fields, fields_of(now), &place, "        ");
                if let Pass::Type = pass {
                    self.add("    }");
                }
            }
            _ => {
                if let Pass::Type = pass {
                    self.add("(");
                }
                match shape {
                    Shape::Tuple(shapes) if shapes.len() > 1 => self.slots(pass, shapes, now, place),
                    _ => self.slot(pass, shape, now, place),
                }
                if let Pass::Type = pass {
                    self.add(")");
                }
            }
        }
    }
}
