//! `match` statements and their patterns.

use tree_sitter::Node;

use super::tree::{
    child_of_kind, children, field, fields, first_part, has_broken_head, has_token, head, parts,
    span,
};
use super::{Lowering, opaque};
use crate::code::{Arm, Expr, ExprKind, Name, Pattern, StmtKind, UnaryOp};
use crate::source::Span;

impl Lowering<'_> {
    /// A `match` statement; `None` if its head is broken.
    pub(super) fn match_statement(&mut self, node: Node) -> Option<StmtKind> {
        if has_broken_head(node) {
            return None;
        }
        let subjects = fields(node, "subject");
        let subject = match subjects[..] {
            [single] if !has_token(node, ",") => self.expression(single),
            _ => Expr {
                span: span(*subjects.first()?).cover(span(*subjects.last()?)),
                kind: ExprKind::Tuple(self.expressions(&subjects)),
            },
        };
        let clauses = field(node, "body").map_or_else(Vec::new, parts);
        let arms = clauses.into_iter().filter_map(|clause| self.arm(clause));
        let arms = arms.collect();
        Some(StmtKind::Expr(Expr {
            kind: ExprKind::Match(Box::new(subject), arms),
            span: span(node),
        }))
    }

    fn arm(&mut self, clause: Node) -> Option<Arm> {
        if clause.kind() != "case_clause" {
            return None;
        }
        let head = head(clause);
        let broken = has_broken_head(clause);
        let (pattern, guard) = if broken {
            (Pattern::Opaque(Vec::new()), None)
        } else {
            let guard = field(clause, "guard").and_then(first_part);
            (self.arm_pattern(clause), guard)
        };
        let guard = match guard {
            Some(guard) => Some(self.expression(guard)),
            None => broken.then(|| Expr {
                kind: opaque(),
                span: head,
            }),
        };
        let span = field(clause, "consequence").map_or(head, span);
        let kind = ExprKind::Block(self.block_of(clause, "consequence"));
        Some(Arm {
            pattern,
            guard,
            body: Expr { kind, span },
            span: head,
        })
    }

    fn arm_pattern(&mut self, clause: Node) -> Pattern {
        let patterns = parts(clause).into_iter();
        let patterns: Vec<Node> = patterns
            .filter(|part| part.kind() == "case_pattern")
            .collect();
        match patterns[..] {
            [single] if !has_token(clause, ",") => self.pattern(&[single]),
            _ => self.sequence(&patterns),
        }
    }

    /// One pattern, of one node or (as a negative number) of two.
    fn pattern(&mut self, nodes: &[Node]) -> Pattern {
        let [first, ..] = *nodes else {
            return Pattern::Opaque(Vec::new());
        };
        let lowered = self.deeper(first, |this| this.pattern_kind(nodes));
        match lowered {
            Some(lowered) => lowered.unwrap_or_else(|| Pattern::Opaque(Vec::new())),
            None => Pattern::Opaque(self.names_in(first)),
        }
    }

    fn pattern_kind(&mut self, nodes: &[Node]) -> Option<Pattern> {
        let node = match *nodes {
            [node] => node,
            [minus, number] => {
                let kind = ExprKind::Unary(UnaryOp::Negate, self.boxed(number));
                let span = span(minus).cover(span(number));
                return Some(Pattern::Value(Expr { kind, span }));
            }
            _ => return None,
        };
        Some(match node.kind() {
            "case_pattern" => self.pattern(&children(node)),
            "_" => Pattern::Wildcard,
            "as_pattern" => {
                let [inner, name] = parts(node)[..] else {
                    return None;
                };
                let inner = self.pattern(&[inner]);
                Pattern::Bind(self.name(name), Some(Box::new(inner)))
            }
            "dotted_name" => match parts(node)[..] {
                [name] => Pattern::Bind(self.name(name), None),
                _ => Pattern::Value(self.dotted(node)?),
            },
            "union_pattern" => Pattern::Or(
                children(node)
                    .split(|child| child.kind() == "|")
                    .map(|alternative| self.pattern(alternative))
                    .collect(),
            ),
            "tuple_pattern" | "list_pattern" => {
                let elements = parts(node);
                match elements[..] {
                    [single] if node.kind() == "tuple_pattern" && !has_token(node, ",") => {
                        self.pattern(&[single])
                    }
                    _ => self.sequence(&elements),
                }
            }
            "class_pattern" => self.class_pattern(node)?,
            "dict_pattern" => {
                let mut names = Vec::new();
                for part in parts(node) {
                    match part.kind() {
                        "splat_pattern" => names.extend(first_part(part).map(|it| self.name(it))),
                        "case_pattern" => bound(&self.pattern(&[part]), &mut names),
                        _ => {}
                    }
                }
                Pattern::Opaque(names)
            }
            _ => Pattern::Value(self.expression(node)),
        })
    }

    fn sequence(&mut self, elements: &[Node]) -> Pattern {
        let mut starred = None;
        let mut patterns = Vec::new();
        for (index, &element) in elements.iter().enumerate() {
            match child_of_kind(element, "splat_pattern") {
                Some(splat) => {
                    starred = Some(index);
                    let name = first_part(splat).map(|name| self.name(name));
                    patterns.push(name.map_or(Pattern::Wildcard, |it| Pattern::Bind(it, None)));
                }
                None => patterns.push(self.pattern(&[element])),
            }
        }
        Pattern::Sequence(patterns, starred)
    }

    /// `Path(a, b=c)`
    fn class_pattern(&mut self, node: Node) -> Option<Pattern> {
        let parts = parts(node);
        let (&class, arguments) = parts.split_first()?;
        let class = self.dotted(class)?;
        let mut positional = Vec::new();
        let mut named = Vec::new();
        for &argument in arguments {
            match child_of_kind(argument, "keyword_pattern") {
                Some(keyword) => {
                    let inside = children(keyword);
                    let [name, _, value @ ..] = &inside[..] else {
                        return None;
                    };
                    named.push((self.name(*name), self.pattern(value)));
                }
                None => positional.push(self.pattern(&[argument])),
            }
        }
        Some(Pattern::Variant {
            class,
            positional,
            named,
        })
    }

    /// `a.b.c` as an expression.
    fn dotted(&mut self, node: Node) -> Option<Expr> {
        let mut names = parts(node).into_iter();
        let first = names.next()?;
        let mut expression = Expr {
            kind: ExprKind::Name(self.name(first)),
            span: span(first),
        };
        for name in names.take(super::DEPTH as usize) {
            expression = Expr {
                span: Span::new(node.start_byte(), name.end_byte()),
                kind: ExprKind::Attribute(Box::new(expression), self.name(name)),
            };
        }
        Some(expression)
    }
}

/// The names a pattern binds.
fn bound(pattern: &Pattern, names: &mut Vec<Name>) {
    match pattern {
        Pattern::Wildcard | Pattern::Target(_) | Pattern::Value(_) => {}
        Pattern::Bind(name, inner) => {
            names.push(name.clone());
            if let Some(inner) = inner {
                bound(inner, names);
            }
        }
        Pattern::Variant {
            positional, named, ..
        } => {
            for inner in positional
                .iter()
                .chain(named.iter().map(|(_, inner)| inner))
            {
                bound(inner, names);
            }
        }
        Pattern::Sequence(inner, _) | Pattern::Or(inner) => {
            for inner in inner {
                bound(inner, names);
            }
        }
        Pattern::Opaque(inner) => names.extend(inner.iter().cloned()),
    }
}
