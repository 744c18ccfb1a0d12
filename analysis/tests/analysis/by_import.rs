//! Calls to which the import of a module leads, and not only running it by itself.

use footgun_analysis::demand::{Ask, Demand};
use footgun_analysis::{Session, analyse};

use crate::common::{project, row};

/// The rows in which a pool is made in a file, by import and otherwise.
fn pools(path: &str, text: &str) -> (Vec<usize>, Vec<usize>) {
    pools_beside("", path, text)
}

/// The same of a file beside a module `other`, which may make them for it.
fn pools_beside(other: &str, path: &str, text: &str) -> (Vec<usize>, Vec<usize>) {
    let text = format!("import sys\nfrom multiprocessing import Pool\n{text}");
    let project = project(&[(path, text.as_str()), ("other.py", other)]);
    let demand = Demand::new([Ask::Call("multiprocessing.Pool")], |_| true);
    let file = project.at(path).expect("a file of the project");
    let calls = analyse(&Session::new(&project, &demand), file).facts.calls;
    let rows = |by_import| {
        let calls = calls.iter().filter(|call| call.by_import == by_import);
        let mut rows: Vec<usize> = calls.map(|call| row(&project, call.site.call)).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    };
    (rows(true), rows(false))
}

#[test]
fn what_an_import_leads_to() {
    for (text, by_import, otherwise) in [
        ("Pool()\n", vec![3], vec![]),
        ("if sys.argv:\n  Pool()\n", vec![4], vec![]),
        ("class A:\n  pool = Pool()\n", vec![4], vec![]),
        ("def f():\n  return Pool()\nf()\n", vec![4], vec![]),
        ("def f():\n  return Pool()\n", vec![], vec![4]),
        ("if __name__ == '__main__':\n  Pool()\n", vec![], vec![4]),
        (
            "if sys.argv and '__main__' == __name__:\n  Pool()\n",
            vec![],
            vec![4],
        ),
        (
            "def f():\n  return Pool()\nif __name__ == '__main__':\n  f()\n",
            vec![],
            vec![4],
        ),
        (
            "def f():\n  if __name__ == '__main__':\n    Pool()\nf()\n",
            vec![],
            vec![5],
        ),
        // What follows the guard is not in it.
        (
            "if __name__ == '__main__':\n  print()\nPool()\n",
            vec![5],
            vec![],
        ),
        // Nobody is seen to call it.
        ("make = lambda: Pool()\n", vec![], vec![3]),
        ("sys.excepthook = lambda *all: Pool()\n", vec![], vec![3]),
    ] {
        assert_eq!(pools("app.py", text), (by_import, otherwise), "{text}");
    }
}

/// The second call could be a repetition of the first.
#[test]
fn what_is_called_again_says_anew_whether_an_import_leads_to_it() {
    let other = "from multiprocessing import Pool\nONE = 1\ndef make(x):\n  for i in (1, 2, 3, 4, 5, 6):\n    x = x or i\n  \
                 return Pool()\ndef start():\n  make(ONE)\n";
    let text = "import other\nif __name__ == '__main__':\n  other.start()\nother.start()\n";
    assert_eq!(pools_beside(other, "app.py", text), (vec![6], vec![6]));
}

#[test]
fn nobody_imports_a_notebook() {
    assert_eq!(pools("app.ipynb", "Pool()\n"), (vec![], vec![3]));
}
