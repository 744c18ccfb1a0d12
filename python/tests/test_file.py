"""That the package is one file which says its version and runs on the oldest Python it promises."""

from __future__ import annotations

import ast
import pathlib
import re
import unittest

import footgun_runtime

FILE = pathlib.Path(footgun_runtime.__file__)
SOURCE = FILE.read_text("utf-8")


class File(unittest.TestCase):
    def test_it_is_the_only_one(self) -> None:
        files = sorted(file.name for file in FILE.parent.iterdir() if file.is_file())
        self.assertEqual(files, ["__init__.py", "py.typed"])

    def test_its_first_line_says_what_it_is(self) -> None:
        found = re.match(r"# footgun_runtime (\d+\.\d+\.\d+)\. ", SOURCE)
        assert found is not None
        self.assertEqual(found.group(1), footgun_runtime.__version__)

    def test_it_is_python_3_8(self) -> None:
        ast.parse(SOURCE, feature_version=(3, 8))

    def test_all_public_names_are_listed(self) -> None:
        public = set()
        for node in ast.parse(SOURCE).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                public.add(node.name)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                public.add(node.targets[0].id)
        public = {name for name in public if not name.startswith("_")}
        self.assertEqual(sorted(public), footgun_runtime.__all__)
