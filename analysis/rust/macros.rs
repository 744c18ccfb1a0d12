//! The syntax that well-known macros take, and what unknown ones can be read as.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Macro, Pat, Stmt, Token, Type, Visibility, braced, token};

use proc_macro2::TokenStream;

use super::cfg::Predicate;
use crate::platform::{Platform, Truth};

/// The last segment of a macro's path.
pub(super) fn name(mac: &Macro) -> String {
    mac.path
        .segments
        .last()
        .map(|segment| segment.ident.unraw().to_string())
        .unwrap_or_default()
}

/// An argument of a macro, as in `println!("{x}", x = 1)`.
pub(super) struct Argument {
    pub(super) name: Option<Ident>,
    pub(super) value: Expr,
}

/// The arguments of a macro that takes expressions, separated by commas.
pub(super) fn arguments(mac: &Macro) -> Option<Vec<Argument>> {
    let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
    let expressions = parser.parse2(mac.tokens.clone()).ok()?;
    Some(expressions.into_iter().map(argument).collect())
}

/// `name = value` reads as an assignment.
fn argument(expression: Expr) -> Argument {
    if let Expr::Assign(assign) = &expression
        && let Expr::Path(path) = &*assign.left
        && let Some(name) = path.path.get_ident()
    {
        return Argument {
            name: Some(name.clone()),
            value: (*assign.right).clone(),
        };
    }
    Argument {
        name: None,
        value: expression,
    }
}

/// The statements or items of a macro that takes a program text.
pub(super) fn statements(tokens: &TokenStream) -> Option<Vec<Stmt>> {
    syn::Block::parse_within.parse2(tokens.clone()).ok()
}

/// The items of a macro that stands among items.
pub(super) fn items(tokens: &TokenStream) -> Option<Vec<syn::Item>> {
    syn::parse2::<syn::File>(tokens.clone())
        .ok()
        .map(|file| file.items)
}

/// The branches of `cfg_if!`, `cfg_select!` and `match_cfg!`, each with whether it is compiled;
/// `None` for any other macro.
pub(super) fn branches(mac: &Macro, platform: Platform) -> Option<Vec<(Truth, TokenStream)>> {
    let parser = match name(mac).as_str() {
        "cfg_if" => cfg_if,
        "cfg_select" | "match_cfg" => cfg_select,
        _ => return None,
    };
    let branches = parser.parse2(mac.tokens.clone()).ok()?;
    let mut before = Truth::No;
    let compiled = branches.into_iter().map(|(predicate, tokens)| {
        let holds = predicate.truth(platform);
        let compiled = holds.and(before.not());
        before = before.or(holds);
        (compiled, tokens)
    });
    Some(compiled.collect())
}

type Branches = Vec<(Predicate, TokenStream)>;

fn cfg_if(input: ParseStream) -> syn::Result<Branches> {
    let mut branches = Vec::new();
    loop {
        input.parse::<Token![if]>()?;
        let predicate = attribute_predicate(input)?;
        branches.push((predicate, braces(input)?));
        if input.is_empty() {
            return Ok(branches);
        }
        input.parse::<Token![else]>()?;
        if !input.peek(Token![if]) {
            branches.push((Predicate::Constant(true), braces(input)?));
            return Ok(branches);
        }
    }
}

fn cfg_select(input: ParseStream) -> syn::Result<Branches> {
    let mut branches = Vec::new();
    while !input.is_empty() {
        let predicate = if input.peek(Token![_]) {
            input.parse::<Token![_]>()?;
            Predicate::Constant(true)
        } else if input.peek(Token![#]) {
            attribute_predicate(input)?
        } else {
            Predicate::parse(until_arrow(input)?)
        };
        input.parse::<Token![=>]>()?;
        let body = if input.peek(token::Brace) {
            braces(input)?
        } else {
            until_comma(input)?
        };
        input.parse::<Option<Token![,]>>()?;
        branches.push((predicate, body));
    }
    Ok(branches)
}

fn attribute_predicate(input: ParseStream) -> syn::Result<Predicate> {
    match input.call(Attribute::parse_outer)?.as_slice() {
        [attribute] if attribute.path().is_ident("cfg") => Ok(Predicate::parse(
            attribute.meta.require_list()?.tokens.clone(),
        )),
        _ => Err(input.error("expected one cfg attribute")),
    }
}

fn braces(input: ParseStream) -> syn::Result<TokenStream> {
    let content;
    braced!(content in input);
    content.parse()
}

fn until_arrow(input: ParseStream) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    while !input.peek(Token![=>]) {
        tokens.extend([input.parse::<proc_macro2::TokenTree>()?]);
    }
    Ok(tokens)
}

fn until_comma(input: ParseStream) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend([input.parse::<proc_macro2::TokenTree>()?]);
    }
    Ok(tokens)
}

/// `static ref NAME: Type = value` of `lazy_static!`, and the same without `ref` of
/// `thread_local!`.
pub(super) struct LazyStatic {
    pub(super) attributes: Vec<Attribute>,
    pub(super) name: Ident,
    pub(super) value: Expr,
}

impl Parse for LazyStatic {
    fn parse(input: ParseStream) -> syn::Result<LazyStatic> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        input.parse::<Token![static]>()?;
        input.parse::<Option<Token![ref]>>()?;
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        input.parse::<Type>()?;
        input.parse::<Token![=]>()?;
        let value = input.parse()?;
        input.parse::<Option<Token![;]>>()?;
        Ok(LazyStatic {
            attributes,
            name,
            value,
        })
    }
}

/// The statics of `lazy_static!` and `thread_local!`.
pub(super) fn lazy_statics(mac: &Macro) -> Option<Vec<LazyStatic>> {
    let parser = |input: ParseStream| {
        let mut statics = Vec::new();
        while !input.is_empty() {
            statics.push(input.parse()?);
        }
        Ok(statics)
    };
    parser.parse2(mac.tokens.clone()).ok()
}

/// `matches!(subject, pattern if guard)`.
pub(super) struct Matches {
    pub(super) subject: Expr,
    pub(super) pattern: Pat,
    pub(super) guard: Option<Expr>,
}

impl Parse for Matches {
    fn parse(input: ParseStream) -> syn::Result<Matches> {
        let subject = input.parse()?;
        input.parse::<Token![,]>()?;
        let pattern = input.call(Pat::parse_multi_with_leading_vert)?;
        let guard = if input.peek(Token![if]) {
            input.parse::<Token![if]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        input.parse::<Option<Token![,]>>()?;
        Ok(Matches {
            subject,
            pattern,
            guard,
        })
    }
}

/// A branch of `select!`: `pattern = future, if condition => body`; `else`, `default` and
/// `complete` have a body only.
pub(super) struct SelectArm {
    pub(super) awaited: Option<(Pat, Expr)>,
    pub(super) condition: Option<Expr>,
    pub(super) body: Expr,
}

impl Parse for SelectArm {
    fn parse(input: ParseStream) -> syn::Result<SelectArm> {
        let (mut awaited, mut condition) = (None, None);
        if input.peek2(Token![=>]) {
            input.call(Ident::parse_any)?;
        } else {
            let pattern = input.call(Pat::parse_multi_with_leading_vert)?;
            input.parse::<Token![=]>()?;
            awaited = Some((pattern, input.parse()?));
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
                input.parse::<Token![if]>()?;
                condition = Some(input.parse()?);
            }
        }
        input.parse::<Token![=>]>()?;
        let body = input.call(Expr::parse_with_earlier_boundary_rule)?;
        input.parse::<Option<Token![,]>>()?;
        Ok(SelectArm {
            awaited,
            condition,
            body,
        })
    }
}

/// The branches of `select!`.
pub(super) fn select_arms(mac: &Macro) -> Option<Vec<SelectArm>> {
    let parser = |input: ParseStream| {
        if input.peek(Ident) && input.peek2(Token![;]) {
            input.parse::<Ident>()?;
            input.parse::<Token![;]>()?;
        }
        let mut arms = Vec::new();
        while !input.is_empty() {
            arms.push(input.parse()?);
        }
        Ok(arms)
    };
    parser.parse2(mac.tokens.clone()).ok()
}

/// `value; count` of `vec!`.
pub(super) fn repetition(mac: &Macro) -> Option<(Expr, Expr)> {
    let parser = |input: ParseStream| {
        let value = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok((value, input.parse()?))
    };
    parser.parse2(mac.tokens.clone()).ok()
}
