//! Which classes of a Python file are derived from which, as the heads of classes tell.

use std::collections::{HashMap, HashSet};

use super::lexer::Lexer;
use super::outline::class_head;
use crate::words;

/// The classes of a file by the names in the heads of those derived from them.
#[derive(Debug)]
pub(crate) struct Heads {
    /// The names of the derived classes, in the order of the file.
    derived: HashMap<String, Vec<String>>,
}

impl Heads {
    /// Looks at the classes of a text.
    pub(crate) fn of(text: &str) -> Heads {
        let mut derived: HashMap<String, Vec<String>> = HashMap::new();
        let mut lexer = Lexer::new(text);
        while let Some(line) = lexer.line() {
            let head = line.colon.map(|colon| &text[line.start..colon]);
            let Some((name, bases)) = head.and_then(class_head) else {
                continue;
            };
            let mut named = HashSet::new();
            words::each(bases, |word| {
                named.insert(word);
            });
            for base in named {
                let of_base = derived.entry(base.to_owned()).or_default();
                of_base.push(name.to_owned());
            }
        }
        Heads { derived }
    }

    /// The classes whose heads name a class.
    pub(crate) fn derived_from(&self, class: &str) -> &[String] {
        self.derived.get(class).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use crate::project::Project;
    use crate::source::{Language, Source};

    /// Each head is read once: for each class once more this would not end.
    #[test]
    fn many_classes_have_their_families() {
        const MANY: usize = 50_000;
        let head = |n: usize| format!("class C{n}(C{}, Base): pass\n", n / 2);
        let source = Source {
            path: "a.py".into(),
            language: Language::Python,
            text: (1..=MANY).map(head).collect(),
        };
        let project = Project::new(vec![source]);
        let alone = (1..=MANY)
            .filter(|n| project.family(&format!("C{n}"), Language::Python).len() == 1)
            .count();
        assert_eq!(alone, MANY / 2);
    }

    #[test]
    fn the_family_is_found_by_the_heads_of_classes() {
        let first = "\
class A: pass
class B(A): pass
if x:
    class C(m.B,
            metaclass=M): pass
class D[T](A, B): pass
text = '''
class E(A): pass
'''
class AB(Other): a = A  # class F(A):
";
        let second = "class G(C, A): pass\nclass B(A): pass\n";
        let source = |(path, text): (&str, &str)| Source {
            path: path.into(),
            language: Language::Python,
            text: text.to_owned(),
        };
        let files = [("a.py", first), ("b.py", second)];
        let project = Project::new(files.into_iter().map(source).collect());
        let family = |class| project.family(class, Language::Python);
        assert_eq!(family("A"), ["A", "B", "D", "G", "C"]);
        assert_eq!(family("C"), ["C", "G"]);
        assert_eq!(family("M"), ["M", "C", "G"]);
        assert_eq!(family("T"), ["T"]);
        assert_eq!(family("missing"), ["missing"]);
    }
}
