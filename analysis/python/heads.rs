//! Which classes of a project's Python files are derived from which, as the heads of classes tell.

use std::collections::{HashMap, HashSet};

use super::lexer::Lexer;
use super::outline::class_head;
use crate::project::Project;
use crate::source::Language;

/// The classes of a project by the names in the heads of those derived from them.
#[derive(Debug)]
pub(crate) struct Heads {
    /// The names of the derived classes, in the order of files.
    derived: HashMap<String, Vec<String>>,
}

impl Heads {
    /// Looks at every Python file.
    pub(crate) fn of(project: &Project) -> Heads {
        let mut derived: HashMap<String, Vec<String>> = HashMap::new();
        for file in project.files_in(Language::Python) {
            let text = &project.file(file).text;
            let mut lexer = Lexer::new(text);
            while let Some(line) = lexer.line() {
                let head = line.colon.map(|colon| &text[line.start..colon]);
                let Some((name, bases)) = head.and_then(class_head) else {
                    continue;
                };
                let bases: HashSet<&str> = crate::project::words(bases).collect();
                for base in bases {
                    let of_base = derived.entry(base.to_owned()).or_default();
                    of_base.push(name.to_owned());
                }
            }
        }
        Heads { derived }
    }

    /// A class and those derived from it, by name. Once there are sixteen no more are looked for.
    pub(crate) fn family(&self, class: &str) -> Vec<String> {
        const MOST: usize = 16;
        let mut family = vec![class.to_owned()];
        let mut known: HashSet<&str> = HashSet::from([class]);
        let mut next = 0;
        while next < family.len() && family.len() < MOST {
            let derived = self.derived.get(&family[next]);
            next += 1;
            for name in derived.into_iter().flatten() {
                if known.insert(name) {
                    family.push(name.clone());
                }
            }
        }
        family
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

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
        let heads = Heads::of(&Project::new(files.into_iter().map(source).collect()));
        assert_eq!(heads.family("A"), ["A", "B", "D", "G", "C"]);
        assert_eq!(heads.family("C"), ["C", "G"]);
        assert_eq!(heads.family("M"), ["M", "C", "G"]);
        assert_eq!(heads.family("T"), ["T"]);
        assert_eq!(heads.family("missing"), ["missing"]);
    }
}
