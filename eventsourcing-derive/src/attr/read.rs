//! Reads attributes by a grammar. A mistake in one key is reported and the next key is read all the same.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use syn::{
    Attribute, Ident, LitInt, LitStr, Meta, Token, Type,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseBuffer, ParseStream, Parser},
    token,
};

use super::{Form, Grammar, Item, Items, Key, Place, Retired, Step, Value};
use crate::diag::{Errors, list, nearest};

/// The values of all attributes of this grammar that stand in one place.
pub(crate) fn read(errors: &Errors, attributes: &[Attribute], grammar: &'static Grammar, place: Place) -> Items {
    let mut items = Items::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(grammar.attr)) {
        let Meta::List(written) = &attribute.meta else {
            errors.at(
                &attribute.meta,
                format!("write keys in parentheses: `#[{}({})]`", grammar.attr, example(grammar, place)),
            );
            continue;
        };
        let reader = |input: ParseStream<'_>| Ok(read_items(errors, input, grammar, place, &mut items));
        if let Err(error) = reader.parse2(written.tokens.clone()) {
            errors.push(error);
        }
    }
    items
}

fn read_items(errors: &Errors, input: ParseStream<'_>, grammar: &'static Grammar, place: Place, items: &mut Items) {
    while !input.is_empty() {
        if let Err(error) = read_item(errors, input, grammar, place, items) {
            errors.push(error);
            skip_to_comma(input);
        }
        if !input.is_empty() && input.parse::<Token![,]>().is_err() {
            errors.push(input.error("a `,` is missing before this"));
            skip_to_comma(input);
            // The comma itself; at the end there is none.
            let _ = input.parse::<Token![,]>();
        }
    }
}

fn read_item(
    errors: &Errors,
    input: ParseStream<'_>,
    grammar: &'static Grammar,
    place: Place,
    items: &mut Items,
) -> syn::Result<()> {
    let Ok(key) = input.call(Ident::parse_any) else {
        return Err(input.error(format!("a key is missing here; {}", known(grammar, place))));
    };
    let Some(rule) = find(grammar, &key, place) else { return Err(unknown(grammar, &key, place)) };
    if let Form::Refused(why) = rule.form {
        return Err(syn::Error::new_spanned(&key, format!("`#[{}({key})]` is not supported: {why}", grammar.attr)));
    }
    if !rule.on.contains(&place) {
        let (attr, name) = (grammar.attr, rule.name);
        let message =
            format!("`{name}` of `#[{attr}(..)]` does not belong on {}, but on {}", one(place), places(rule.on));
        return Err(syn::Error::new_spanned(&key, message));
    }
    if !rule.repeats && items.has(rule.name) {
        errors.at(&key, format!("`{key}` is given twice; keep one"));
    }
    match read_value(errors, input, rule, &key, place) {
        Ok((value, tokens)) => items.list.push(Item { tokens: quote!(#key #tokens), key, value }),
        Err(error) => {
            items.faulty.push(key);
            return Err(error);
        }
    }
    Ok(())
}

/// The value, and its tokens as they were written.
fn read_value(
    errors: &Errors,
    input: ParseStream<'_>,
    rule: &'static Key,
    key: &Ident,
    place: Place,
) -> syn::Result<(Value, TokenStream)> {
    let expect = Expect { input, rule, key };
    let written = input.fork();
    let value = match rule.form {
        Form::Flag if expect.at_end() => Value::Flag,
        Form::Flag => return Err(input.error(format!("`{key}` takes no value; write `{}`", rule.example))),
        Form::Name if input.peek(token::Paren) => {
            return Err(input.error(format!(
                "what is written under one name and read under another is lost; write `{}`, and `alias` for older names",
                rule.example
            )));
        }
        Form::Str | Form::Name => Value::Str(expect.assigned("a string")?),
        Form::FlagOrStr if expect.at_end() => Value::Flag,
        Form::FlagOrStr => Value::Str(expect.assigned("a string, or nothing")?),
        Form::Int => Value::Int(expect.assigned("a whole number")?),
        Form::Type => Value::Type(expect.bare_or_quoted("a type")?),
        Form::Path => Value::Path(expect.bare_or_quoted("a path")?),
        Form::Steps => Value::Steps(read_steps(&expect)?),
        Form::Retired => Value::Retired(read_retired(&expect)?),
        Form::Keys(grammar) => {
            let inner = expect.parentheses()?;
            let mut items = Items::default();
            read_items(errors, &inner, grammar, place, &mut items);
            Value::Keys(items)
        }
        Form::Opaque | Form::Refused(_) => {
            skip_to_comma(input);
            Value::Opaque
        }
    };
    let end = input.cursor();
    let mut tokens = TokenStream::new();
    while written.cursor() != end {
        tokens.extend([written.parse::<TokenTree>()?]);
    }
    Ok((value, tokens))
}

/// Reads what must follow a key, with messages that show how it is written.
struct Expect<'a, 'b> {
    input: ParseStream<'b>,
    rule: &'static Key,
    key: &'a Ident,
}

impl Expect<'_, '_> {
    fn at_end(&self) -> bool {
        self.input.is_empty() || self.input.peek(Token![,])
    }

    fn missing(&self) -> syn::Error {
        syn::Error::new_spanned(self.key, format!("`{}` needs a value: `{}`", self.key, self.rule.example))
    }

    fn wrong(&self, span: Span, takes: &str) -> syn::Error {
        syn::Error::new(span, format!("`{}` takes {takes}: `{}`", self.key, self.rule.example))
    }

    fn equals(&self, takes: &str) -> syn::Result<()> {
        if self.at_end() {
            return Err(self.missing());
        }
        let span = self.input.span();
        self.input.parse::<Token![=]>().map_err(|_| self.wrong(span, takes))?;
        if self.at_end() { Err(self.missing()) } else { Ok(()) }
    }

    fn assigned<T: Parse>(&self, takes: &str) -> syn::Result<T> {
        self.equals(takes)?;
        let span = self.input.span();
        self.input.parse().map_err(|_| self.wrong(span, takes))
    }

    fn bare_or_quoted<T: Parse>(&self, takes: &str) -> syn::Result<T> {
        self.equals(takes)?;
        let span = self.input.span();
        if self.input.peek(LitStr) {
            return self.input.parse::<LitStr>()?.parse().map_err(|_| self.wrong(span, takes));
        }
        self.input.parse().map_err(|_| self.wrong(span, takes))
    }

    fn parentheses(&self) -> syn::Result<ParseBuffer<'_>> {
        if self.at_end() {
            return Err(self.missing());
        }
        let span = self.input.span();
        parenthesized_part(self.input).map_err(|_| self.wrong(span, "a list in parentheses"))
    }
}

fn parenthesized_part<'b>(input: ParseStream<'b>) -> syn::Result<ParseBuffer<'b>> {
    let content;
    parenthesized!(content in input);
    Ok(content)
}

fn read_steps(expect: &Expect<'_, '_>) -> syn::Result<Vec<Step>> {
    const TAKES: &str = "the older versions with the types they are read as";
    let inner = expect.parentheses()?;
    let mut steps = Vec::new();
    while !inner.is_empty() {
        let span = inner.span();
        let step = || -> syn::Result<Step> {
            let version = inner.parse()?;
            inner.parse::<Token![=]>()?;
            Ok(Step { version, ty: inner.parse::<Type>()? })
        };
        steps.push(step().map_err(|_| expect.wrong(span, TAKES))?);
        if !inner.is_empty() {
            inner.parse::<Token![,]>()?;
        }
    }
    if steps.is_empty() { Err(expect.missing()) } else { Ok(steps) }
}

fn read_retired(expect: &Expect<'_, '_>) -> syn::Result<Retired> {
    const TAKES: &str = "a tag and the versions that were written";
    let inner = expect.parentheses()?;
    let span = inner.span();
    let retired = || -> syn::Result<Retired> {
        let tag = inner.parse()?;
        inner.parse::<Token![,]>()?;
        let versions: Ident = inner.parse()?;
        inner.parse::<Token![=]>()?;
        let first: LitInt = inner.parse()?;
        inner.parse::<Token![..=]>()?;
        let last = inner.parse()?;
        inner.parse::<Option<Token![,]>>()?;
        if versions != "versions" || !inner.is_empty() {
            return Err(inner.error(""));
        }
        Ok(Retired { tag, first, last })
    };
    retired().map_err(|_| expect.wrong(span, TAKES))
}

/// Goes on at the next comma that is not inside `<..>`.
fn skip_to_comma(input: ParseStream<'_>) {
    let mut angles = 0_usize;
    while !input.is_empty() && !(angles == 0 && input.peek(Token![,])) {
        match input.parse::<TokenTree>() {
            Ok(TokenTree::Punct(punct)) if punct.as_char() == '<' => angles += 1,
            Ok(TokenTree::Punct(punct)) if punct.as_char() == '>' => angles = angles.saturating_sub(1),
            _ => {}
        }
    }
}

fn find(grammar: &'static Grammar, key: &Ident, place: Place) -> Option<&'static Key> {
    let named = || grammar.keys.iter().filter(|rule| key == rule.name);
    named().find(|rule| rule.on.contains(&place)).or_else(|| named().next())
}

fn unknown(grammar: &Grammar, key: &Ident, place: Place) -> syn::Error {
    let meant = nearest(&key.to_string(), grammar.keys.iter().map(|rule| rule.name))
        .map_or_else(String::new, |name| format!("; did you mean `{name}`?"));
    let attr = grammar.attr;
    syn::Error::new_spanned(key, format!("`#[{attr}(..)]` has no key `{key}`{meant} {}", known(grammar, place)))
}

/// Which keys there are in this place.
fn known(grammar: &Grammar, place: Place) -> String {
    let here: Vec<&str> = grammar
        .keys
        .iter()
        .filter(|rule| rule.on.contains(&place) && !matches!(rule.form, Form::Refused(_)))
        .map(|rule| rule.name)
        .collect();
    if here.is_empty() {
        return format!("(`{}` has no keys on {})", grammar.attr, one(place));
    }
    format!("(on {} it has {})", one(place), list(here))
}

fn example(grammar: &Grammar, place: Place) -> &'static str {
    grammar.keys.iter().find(|rule| rule.on.contains(&place)).map_or("..", |rule| rule.example)
}

fn one(place: Place) -> &'static str {
    match place {
        Place::Struct => "a struct",
        Place::Enum => "an enum",
        Place::Variant => "a variant",
        Place::Field => "a field",
    }
}

fn places(on: &[Place]) -> String {
    let names: Vec<&str> = on.iter().map(|place| one(*place)).collect();
    names.join(" or ")
}
