//! Reads attributes by a grammar. A mistake in one key is reported and the next key is read all the same.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use syn::{
    Attribute, Ident, LitStr, Meta, Token,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseBuffer, ParseStream, Parser},
    punctuated::Punctuated,
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
        let reader = |input: ParseStream<'_>| {
            read_items(errors, input, grammar, place, &mut items);
            Ok(())
        };
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
    let Some(rule) = find(grammar, &key, place) else {
        let meant = nearest(&key.to_string(), grammar.keys.iter().map(|rule| rule.name));
        items.faulty.extend(meant);
        return Err(unknown(grammar, &key, meant, place));
    };
    if let Form::Refused(why) = rule.form {
        return Err(syn::Error::new_spanned(&key, format!("`#[{}({key})]` is not supported: {why}", grammar.attr)));
    }
    if !rule.on.contains(&place) {
        let message = format!(
            "`{}` of `{}` does not belong on {}, but on {}",
            rule.name,
            grammar.shown,
            one(place),
            places(rule.on)
        );
        return Err(syn::Error::new_spanned(&key, message));
    }
    if !rule.repeats && items.has(rule.name) {
        errors.at(&key, format!("`{key}` is given twice; keep one"));
    }
    match read_value(errors, input, rule, &key, place) {
        Ok((value, tokens)) => items.list.push(Item { tokens: quote!(#key #tokens), key, value }),
        Err(error) => {
            items.faulty.push(rule.name);
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
        Form::Flag | Form::FlagOrStr if expect.at_end() => Value::Flag,
        Form::Flag => return Err(input.error(format!("`{key}` takes no value; write `{}`", rule.example))),
        Form::Name if input.peek(token::Paren) => {
            return Err(input.error(format!(
                "what is written under one name and read under another is lost; write `{}`, and `alias` for older names",
                rule.example
            )));
        }
        Form::Str | Form::Name => Value::Str(expect.assigned("a string")?),
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

    /// A mistake inside parentheses; what is left there is passed over, lest it be reported as well.
    fn wrong_inside(&self, inner: ParseStream<'_>, span: Span, takes: &str) -> syn::Error {
        let left_over = inner.parse::<TokenStream>();
        debug_assert!(left_over.is_ok(), "any tokens are a token stream");
        self.wrong(span, takes)
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

fn parenthesized_part(input: ParseStream<'_>) -> syn::Result<ParseBuffer<'_>> {
    let content;
    parenthesized!(content in input);
    Ok(content)
}

fn read_steps(expect: &Expect<'_, '_>) -> syn::Result<Vec<Step>> {
    let inner = expect.parentheses()?;
    if inner.is_empty() {
        return Err(expect.missing());
    }
    let span = inner.span();
    let steps = || -> syn::Result<Vec<Step>> {
        let steps = Punctuated::<Step, Token![,]>::parse_terminated(&inner)?;
        Ok(steps.into_iter().collect())
    };
    steps().map_err(|_| expect.wrong_inside(&inner, span, "the older versions with the types they are read as"))
}

fn read_retired(expect: &Expect<'_, '_>) -> syn::Result<Retired> {
    let inner = expect.parentheses()?;
    let span = inner.span();
    let retired = || -> syn::Result<Retired> {
        let retired = inner.parse()?;
        if inner.is_empty() { Ok(retired) } else { Err(inner.error("")) }
    };
    retired().map_err(|_| expect.wrong_inside(&inner, span, "a tag and the versions that were written"))
}

impl Parse for Step {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let version = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self { version, ty: input.parse()? })
    }
}

impl Parse for Retired {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let tag = input.parse()?;
        input.parse::<Token![,]>()?;
        let key: Ident = input.parse()?;
        if key != "versions" {
            return Err(input.error(""));
        }
        input.parse::<Token![=]>()?;
        let first = input.parse()?;
        input.parse::<Token![..=]>()?;
        let last = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Self { tag, first, last })
    }
}

/// Goes on at the next comma that is not inside `<..>`.
fn skip_to_comma(input: ParseStream<'_>) {
    let mut angles = 0_usize;
    while !input.is_empty() {
        if angles == 0 && input.peek(Token![,]) {
            return;
        }
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

fn unknown(grammar: &Grammar, key: &Ident, meant: Option<&str>, place: Place) -> syn::Error {
    let shown = grammar.shown;
    let inside = grammar
        .keys
        .iter()
        .find(|rule| matches!(rule.form, Form::Keys(inner) if inner.keys.iter().any(|inner| key == inner.name)));
    let message = match (inside, meant) {
        (Some(rule), _) => format!("`{key}` belongs inside `{}`: `{}`", rule.name, rule.example),
        (None, Some(meant)) => {
            format!("`{shown}` has no key `{key}`; did you mean `{meant}`? {}", known(grammar, place))
        }
        (None, None) => format!("`{shown}` has no key `{key}` {}", known(grammar, place)),
    };
    syn::Error::new_spanned(key, message)
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
        return format!("(on {} it has none)", one(place));
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
