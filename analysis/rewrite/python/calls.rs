//! Calls: what is called, with which arguments, and what is made of them.

use tree_sitter::Node;

use super::list::List;
use super::names::contains;
use super::{Code, ancestors, descends, imports, span};
use crate::python;
use crate::rewrite::Replacement;
use crate::rewrite::{Change, CommandArgument, Function, Positional, Refusal};
use crate::source::Span;

/// What makes a change.
pub(super) fn replacements(
    code: &Code,
    change: &Change<Function>,
) -> Result<Vec<Replacement>, Refusal> {
    match change {
        Change::Call {
            call,
            function,
            positional,
            without,
        } => {
            let call = Call::at(code, call.span)?;
            call.renamed(function, *positional, without)
        }
        Change::Command {
            call,
            argument,
            function,
        } => Call::at(code, call.span)?.with_command(*argument, function),
        Change::Found {
            call,
            argument,
            function,
        } => Call::at(code, call.span)?.with_found(*argument, function),
        Change::Asked {
            call,
            function,
            raised,
        } => Call::at(code, call.span)?.asked(function, *raised),
        Change::Keywords {
            call,
            without,
            function,
        } => Call::at(code, call.span)?.with_keywords(function, without),
        Change::OffWindows {
            call,
            keyword,
            flag,
        } => Call::at(code, call.span)?.off_windows(keyword, *flag),
        Change::Value { value, function } => wrapped(code, value.span, function),
    }
}

/// A call that may be rewritten.
pub(super) struct Call<'c, 't> {
    pub(super) code: &'c Code<'t>,
    pub(super) node: Node<'t>,
    pub(super) callee: Node<'t>,
    arguments: List<'t>,
}

impl<'c, 't> Call<'c, 't> {
    /// The call that stands at a span.
    fn at(code: &'c Code<'t>, place: Span) -> Result<Call<'c, 't>, Refusal> {
        const NO_CALL: Refusal = "it is not a call in the text";
        let mut node = code.at(place).ok_or(NO_CALL)?;
        while matches!(node.kind(), "await" | "parenthesized_expression") {
            node = node.named_child(0).ok_or(NO_CALL)?;
        }
        is_plain(node)?;
        let callee = node.child_by_field_name("function");
        let arguments = node.child_by_field_name("arguments");
        let (Some(callee), Some(arguments), "call") = (callee, arguments, node.kind()) else {
            return Err(NO_CALL);
        };
        if arguments.kind() != "argument_list" {
            return Err("its argument is a generator");
        }
        let name = code.text(callee);
        if python::hands_on(name.rsplit('.').next().unwrap_or(name).trim()) {
            return Err("somebody else is asked to make the call");
        }
        Ok(Call {
            code,
            node,
            callee,
            arguments: List::of(arguments, None),
        })
    }

    /// `f(a, b, c=d)` as `g(a)`
    pub(super) fn renamed(
        &self,
        function: &Function,
        positional: Positional,
        without: &[&str],
    ) -> Result<Vec<Replacement>, Refusal> {
        if !is_dotted_name(self.callee)
            || self
                .code
                .layout
                .has_comment(self.callee.start_byte(), self.callee.end_byte())
        {
            return Err("what is called is not a plain name");
        }
        let nodes = self.nodes();
        let written = nodes.iter().filter(|node| is_positional(**node)).count();
        match positional {
            Positional::All => {}
            _ if nodes.iter().any(|node| node.kind() == "list_splat") => {
                return Err("its arguments are spread by `*`");
            }
            Positional::First(count) if count > nodes.len() => {
                return Err("its arguments are not written in the call");
            }
            Positional::AtMost(count) if written > count => {
                return Err("it has more arguments than what is to be called takes");
            }
            Positional::First(_) | Positional::AtMost(_) => {}
        }
        let name = imports::name(self.code, self.node, Some(self.callee), function)?;
        if self.code.text(self.callee) == name.written {
            return Err("it is called already");
        }
        let mut seen = 0;
        let mut dropped = Vec::with_capacity(nodes.len());
        for &node in &nodes {
            dropped.push(match node.kind() {
                "keyword_argument" => self.is_keyword(node, without),
                "list_splat" | "dictionary_splat" => false,
                _ => {
                    seen += 1;
                    matches!(positional, Positional::First(count) if seen > count)
                }
            });
        }
        let mut replacements = name.imports;
        replacements.push((span(self.callee), name.written));
        replacements.extend(self.drop(&dropped)?);
        Ok(replacements)
    }

    /// The indices of the first and the last argument that make the command, and the expression that
    /// the first is.
    fn command(&self, argument: CommandArgument) -> Result<(usize, usize, Node<'t>), Refusal> {
        const SPREAD: Refusal = "its command is spread by `*`";
        const ELSEWHERE: Refusal = "its command is not written in the call";
        let nodes = self.nodes();
        let (first, last) = match argument {
            CommandArgument::One {
                position, keyword, ..
            } => {
                let before = nodes.iter().take_while(|node| is_positional(**node));
                let before: Vec<&Node> = before.take(position + 1).collect();
                if before.iter().any(|node| node.kind() == "list_splat") {
                    return Err(SPREAD);
                }
                let index = if before.len() > position {
                    Some(position)
                } else {
                    nodes
                        .iter()
                        .position(|&node| self.is_keyword(node, &[keyword]))
                };
                let index = index.ok_or(ELSEWHERE)?;
                (index, index)
            }
            CommandArgument::Rest(position) => {
                let count = nodes
                    .iter()
                    .position(|&node| !is_positional(node))
                    .unwrap_or(nodes.len());
                if nodes[count..].iter().any(|&node| is_positional(node)) {
                    return Err("its arguments are in an unusual order");
                }
                if count <= position {
                    return Err(ELSEWHERE);
                }
                if nodes[..position]
                    .iter()
                    .any(|node| node.kind() == "list_splat")
                {
                    return Err(SPREAD);
                }
                (position, count - 1)
            }
        };
        let node = nodes[first];
        let value = match node.kind() {
            "keyword_argument" => node.child_by_field_name("value"),
            "list_splat" => node.named_child(0),
            _ => Some(node),
        };
        Ok((first, last, value.ok_or(ELSEWHERE)?))
    }

    /// `f(["npm"])` as `f(g(["npm"]))`
    fn with_command(
        &self,
        argument: CommandArgument,
        function: &Function,
    ) -> Result<Vec<Replacement>, Refusal> {
        let (first, last, value) = self.command(argument)?;
        if self.is_made_by(inner(value), function) {
            return Err("it is wrapped already");
        }
        if inner(value).kind() == "generator_expression" {
            return Err("its command is a generator");
        }
        let (before, within, after) = match argument {
            CommandArgument::Rest(_) => ("*", self.arguments.span(first, last), ("[", "]")),
            CommandArgument::One { .. } if is_text(value) => {
                self.check_program(inner(value))?;
                ("", span(value), ("[", "]"))
            }
            CommandArgument::One { .. } => ("", span(value), ("", "")),
        };
        let name = imports::name(self.code, self.node, Some(self.callee), function)?;
        let mut replacements = name.imports;
        let open = format!("{before}{}({}", name.written, after.0);
        replacements.push((
            Span::new(within.start as usize, within.start as usize),
            open,
        ));
        let close = format!("{})", after.1);
        replacements.push((Span::new(within.end as usize, within.end as usize), close));
        Ok(replacements)
    }

    /// `f(["npm"])` as `f([g("npm") or "npm"])`
    fn with_found(
        &self,
        argument: CommandArgument,
        function: &Function,
    ) -> Result<Vec<Replacement>, Refusal> {
        const ELSEWHERE: Refusal = "its program is not written first in a list";
        let (first, _, value) = self.command(argument)?;
        let program = match argument {
            CommandArgument::One { .. } => first_item(value),
            CommandArgument::Rest(_) => Some(self.arguments.items[first].node),
        };
        let program = program.filter(|node| node.kind() == "string");
        let program = program.ok_or(ELSEWHERE)?;
        self.check_program(program)?;
        let name = imports::qualified(self.code, self.node, Some(self.callee), function)?;
        let mut replacements = name.imports;
        let at = program.start_byte();
        let found = format!("{}({}) or ", name.written, self.code.text(program));
        replacements.push((Span::new(at, at), found));
        Ok(replacements)
    }

    /// `f(a, b=c)` as `f(a, **g())`
    fn with_keywords(
        &self,
        function: &Function,
        without: &[&str],
    ) -> Result<Vec<Replacement>, Refusal> {
        let nodes = self.nodes();
        if nodes.iter().any(|node| node.kind() == "dictionary_splat") {
            return Err("it takes keyword arguments from elsewhere");
        }
        let mut dropped: Vec<bool> = nodes
            .iter()
            .map(|&node| self.is_keyword(node, without))
            .collect();
        let name = imports::name(self.code, self.node, Some(self.callee), function)?;
        let content = format!("**{}()", name.written);
        let mut replacements = name.imports;
        // The last argument gives its place to what comes last.
        if let Some(true) = dropped.last() {
            dropped.pop();
            let last = nodes[nodes.len() - 1];
            self.check_effects(last)?;
            replacements.push((span(last), content));
        } else {
            replacements.extend(self.arguments.append(&self.code.layout, &content));
        }
        replacements.extend(self.drop(&dropped)?);
        Ok(replacements)
    }

    /// `f(a, b=c)` as `f(a, b=None if sys.platform == "win32" else c)`
    fn off_windows(&self, keyword: &str, flag: Option<&str>) -> Result<Vec<Replacement>, Refusal> {
        let nodes = self.nodes();
        if flag.is_some() && nodes.iter().any(|node| node.kind() == "dictionary_splat") {
            return Err("it takes keyword arguments from elsewhere");
        }
        let argument = nodes
            .iter()
            .find(|node| self.is_keyword(**node, &[keyword]));
        let value = argument.and_then(|argument| argument.child_by_field_name("value"));
        let value = value.ok_or("the argument is not written in the call")?;
        let named = |module: &str, name: &str| {
            let function = Function {
                module: module.to_owned(),
                name: name.to_owned(),
            };
            imports::qualified(self.code, self.node, Some(self.callee), &function)
        };
        let platform = named("sys", "platform")?;
        let on_windows = format!("if {} == \"win32\" else", platform.written);
        let mut replacements = platform.imports;
        let start = value.start_byte();
        replacements.push((Span::new(start, start), format!("None {on_windows} ")));
        if let Some(flag) = flag {
            let flag = named("subprocess", flag)?;
            add_imports(&mut replacements, flag.imports);
            let content = format!("creationflags={} {on_windows} 0", flag.written);
            replacements.extend(self.arguments.append(&self.code.layout, &content));
        }
        Ok(replacements)
    }

    fn nodes(&self) -> Vec<Node<'t>> {
        self.arguments.items.iter().map(|item| item.node).collect()
    }

    fn is_keyword(&self, node: Node, names: &[&str]) -> bool {
        let name = node
            .child_by_field_name("name")
            .filter(|_| node.kind() == "keyword_argument");
        name.is_some_and(|name| names.contains(&self.code.text(name)))
    }

    /// What leaves out the arguments at the indices that are marked.
    fn drop(&self, dropped: &[bool]) -> Result<Vec<Replacement>, Refusal> {
        let is_dropped = |index: usize| dropped.get(index) == Some(&true);
        for (index, node) in self.nodes().into_iter().enumerate() {
            if is_dropped(index) {
                self.check_effects(node)?;
            }
        }
        let cuts = self.arguments.without(&self.code.layout, is_dropped)?;
        Ok(cuts.into_iter().map(|cut| (cut, String::new())).collect())
    }

    /// Refuses to leave out what might do something, or what callers have a say in.
    fn check_effects(&self, argument: Node) -> Result<(), Refusal> {
        let is_given = |name: Node| {
            name.kind() == "identifier"
                && name.parent().is_none_or(|around| {
                    around.child_by_field_name("attribute") != Some(name)
                        && (around.kind() != "keyword_argument"
                            || around.child_by_field_name("name") != Some(name))
                })
                && self.code.is_parameter(name)
        };
        if descends(argument, is_given) {
            return Err("an argument that would be given up is for the callers to say");
        }
        let harmless = |call: Node| {
            call.child_by_field_name("function")
                .filter(|callee| matches!(self.code.text(*callee), "getattr" | "int"))
                .is_some_and(|callee| !self.code.binds(self.code.text(callee)))
        };
        // The body of a lambda is not run here.
        let waits = |node: Node| {
            let mut around = ancestors(node).take_while(|around| *around != argument);
            around.any(|around| {
                let body = around.child_by_field_name("body");
                around.kind() == "lambda" && body.is_some_and(|body| contains(body, node))
            })
        };
        let acts = descends(argument, |node| match node.kind() {
            "call" => !harmless(node) && !waits(node),
            kind => matches!(kind, "await" | "yield" | "named_expression"),
        });
        if acts {
            return Err("an argument that would be given up may do something");
        }
        Ok(())
    }

    /// Whether an expression is a call of the function, under whatever name.
    fn is_made_by(&self, value: Node, function: &Function) -> bool {
        let callee = value
            .child_by_field_name("function")
            .filter(|_| value.kind() == "call");
        callee.is_some_and(|callee| {
            let name = self.code.text(callee);
            name.rsplit('.').next() == Some(&function.name)
                || imports::known(self.code, value, function).as_deref() == Some(name)
        })
    }

    /// Refuses a text that is more than the name of a program.
    fn check_program(&self, value: Node) -> Result<(), Refusal> {
        let literal = self.code.text(value);
        let quote = literal.find(['"', '\'']).unwrap_or(0);
        let (prefix, quoted) = literal.split_at(quote);
        if value.kind() != "string" || prefix.contains(['b', 'B', 'f', 'F', 't', 'T']) {
            return Err("its program is not a plain text");
        }
        let name = quoted.trim_matches(['"', '\'']);
        if name.contains(|c: char| c.is_whitespace() || matches!(c, '\\' | '"' | '\'')) {
            return Err("its command is a whole command line");
        }
        Ok(())
    }
}

/// Adds what imports a name; what stands at the same place as another import goes before it.
pub(super) fn add_imports(replacements: &mut Vec<Replacement>, imports: Vec<Replacement>) {
    for (place, content) in imports {
        match replacements.iter_mut().find(|(other, _)| *other == place) {
            Some((_, other)) if *other != content => other.insert_str(0, &content),
            Some(_) => {}
            None => replacements.push((place, content)),
        }
    }
}

/// `a` as `g(a)`
fn wrapped(code: &Code, place: Span, function: &Function) -> Result<Vec<Replacement>, Refusal> {
    const NO_VALUE: Refusal = "it is not an expression in the text";
    let node = code
        .at(place)
        .filter(|&node| span(node) == place)
        .ok_or(NO_VALUE)?;
    is_plain(node)?;
    let is_value = node.parent().is_some_and(|parent| {
        let is_field = |name| parent.child_by_field_name(name) == Some(node);
        match parent.kind() {
            "argument_list" => is_positional(node) && node.kind() != "list_splat",
            "list" => node.kind() != "list_splat",
            "keyword_argument" => is_field("value"),
            "assignment" => is_field("right"),
            _ => false,
        }
    });
    if !is_value {
        return Err(NO_VALUE);
    }
    let name = imports::name(code, node, None, function)?;
    if node.kind() == "call" && code.text(node).starts_with(&format!("{}(", name.written)) {
        return Err("it is wrapped already");
    }
    let mut replacements = name.imports;
    let (start, end) = (node.start_byte(), node.end_byte());
    replacements.push((Span::new(start, start), format!("{}(", name.written)));
    replacements.push((Span::new(end, end), ")".to_owned()));
    Ok(replacements)
}

/// Refuses a node whose text is not plain code: it is broken, or part of something that is.
fn is_plain(node: Node) -> Result<(), Refusal> {
    if node.has_error() {
        return Err("its syntax is invalid");
    }
    for around in ancestors(node) {
        match around.kind() {
            "ERROR" => return Err("its syntax is invalid"),
            "string" => return Err("it stands in a string"),
            "decorator" => return Err("it stands in a decorator"),
            _ => {}
        }
    }
    Ok(())
}

fn is_positional(argument: Node) -> bool {
    !matches!(argument.kind(), "keyword_argument" | "dictionary_splat")
}

/// `a` or `a.b.c`
fn is_dotted_name(mut node: Node) -> bool {
    while node.kind() == "attribute" {
        match node.child_by_field_name("object") {
            Some(object) => node = object,
            None => return false,
        }
    }
    node.kind() == "identifier"
}

/// An expression without the parentheses around it.
fn inner(mut node: Node<'_>) -> Node<'_> {
    while node.kind() == "parenthesized_expression"
        && let Some(within) = node.named_child(0)
    {
        node = within;
    }
    node
}

/// The first item of a list or tuple, or of one that others are added to.
fn first_item(value: Node<'_>) -> Option<Node<'_>> {
    let value = inner(value);
    match value.kind() {
        "list" | "tuple" => {
            let mut cursor = value.walk();
            value
                .named_children(&mut cursor)
                .find(|child| !child.is_extra())
        }
        "binary_operator" => first_item(value.child_by_field_name("left")?),
        _ => None,
    }
}

/// Whether an expression is written as a text, at least in one of its possibilities.
fn is_text(node: Node) -> bool {
    let node = inner(node);
    match node.kind() {
        "string" | "concatenated_string" => true,
        "binary_operator" => node.child_by_field_name("left").is_some_and(is_text),
        "conditional_expression" | "boolean_operator" => {
            let mut cursor = node.walk();
            node.named_children(&mut cursor).any(is_text)
        }
        _ => false,
    }
}
