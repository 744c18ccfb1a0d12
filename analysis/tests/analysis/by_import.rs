//! Calls to which the import of a module leads, and not only running it by itself.

use footgun_analysis::demand::{Ask, Demand};
use footgun_analysis::{Session, analyse};

use crate::common::{project, row};

/// The rows in which a pool is made in the first file, by import and otherwise.
fn pools(path: &str, text: &str) -> (Vec<usize>, Vec<usize>) {
    let text = format!("import sys\nfrom multiprocessing import Pool\n{text}");
    let project = project(&[(path, text)]);
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
        // The second call is a repetition of the first.
        (
            "ONE = 1\ndef f(x):\n  (1, 2, 3, 4, 5, 6, 7, 8)\n  return Pool()\nif __name__ == '__main__':\n  f(ONE)\n\
             f(ONE)\n",
            vec![6],
            vec![6],
        ),
    ] {
        assert_eq!(pools("app.py", text), (by_import, otherwise), "{text}");
    }
}

#[test]
fn nobody_imports_a_notebook() {
    assert_eq!(pools("app.ipynb", "Pool()\n"), (vec![], vec![3]));
}
