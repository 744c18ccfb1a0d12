"""Owns what all tests share: the table of cases, the programs they start, and signs of life."""

from __future__ import annotations

import os
import pathlib
import sys
import time
from typing import Any, Callable, Dict, List

import footgun_runtime

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

WINDOWS = sys.platform == "win32"
HERE = pathlib.Path(__file__).resolve().parent
# Wine differs from Windows here and there. A test that depends on it says how.
WINE = WINDOWS and hasattr(__import__("ctypes").windll.ntdll, "wine_get_version")
# In a virtual environment of Windows `sys.executable` is a launcher, which starts Python in a job.
PYTHON = str(getattr(sys, "_base_executable", None) or sys.executable)
# Seconds until a test gives up. Long, since nothing waits for them where all is well.
PATIENCE = 60.0

_TABLE = tomllib.loads((HERE.parents[1] / "runtime" / "cases.toml").read_text("utf-8"))


def table(name: str) -> List[Dict[str, Any]]:
    """The cases of a section of the table that hold on this platform."""
    here = "windows" if WINDOWS else "posix"
    return [case for case in _TABLE[name] if here in case.get("platforms", [here])]


def environment() -> Dict[str, str]:
    """The variables of a Python that imports the same `footgun_runtime` as this one."""
    package = pathlib.Path(footgun_runtime.__file__).resolve().parents[1]
    return {**os.environ, "PYTHONPATH": str(package)}


def program(name: str, *arguments: object) -> List[str]:
    """The command line of a program beside this file."""
    return [PYTHON, str(HERE / name), *map(str, arguments)]


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Returns when the condition holds; fails if it does not come to."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited in vain until " + what)
        time.sleep(0.02)


class Heartbeat:
    """The file to which `heartbeat.py` adds a byte again and again while it lives."""

    def __init__(self, path: str) -> None:
        self.path = pathlib.Path(path)

    def beats(self) -> int:
        """How often it has beaten so far."""
        return self.path.stat().st_size if self.path.exists() else 0

    def pid(self) -> int:
        """The number of the process, once it beats."""
        return int(pathlib.Path(str(self.path) + ".pid").read_text("ascii"))

    def wait_for_more(self) -> None:
        """Returns when it has beaten a few times from now on."""
        enough = self.beats() + 5
        wait_until(lambda: self.beats() >= enough, "%s beats" % self.path.name)

    def wait_for_end(self) -> None:
        """Returns when it has not beaten for the time of twenty beats."""
        last, since = self.beats(), time.monotonic()

        def silent() -> bool:
            nonlocal last, since
            if self.beats() != last:
                last, since = self.beats(), time.monotonic()
            return time.monotonic() - since > 1.0

        wait_until(silent, "%s stops" % self.path.name)
