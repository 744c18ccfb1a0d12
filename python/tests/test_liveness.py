"""What is answered about a process number, and that off Windows it is `os.kill` that answers."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import unittest
from typing import Any, Callable, Dict, Iterator, List
from unittest import mock

import cases
import footgun_runtime
import jobs
from footgun_runtime import new_group_kwargs, pid_exists, probe_pid

OUTCOMES = {
    ProcessLookupError: "no-such-process",
    PermissionError: "permission-denied",
    OverflowError: "out-of-range",
}


def outcome(pid: int) -> str:
    """What `probe_pid` gives, in the words of the table."""
    try:
        probe_pid(pid)
    except tuple(OUTCOMES) as error:
        return OUTCOMES[type(error)]
    return "ok"


@contextlib.contextmanager
def running(**kwargs: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """A child that lives as long as the context."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [cases.PYTHON, "-c", "import sys; sys.stdin.read()"], stdin=pipe, **kwargs
    ) as child:
        try:
            yield child
        finally:
            child.communicate()


def ended(code: int = 0) -> "subprocess.Popen[bytes]":
    """A child that has ended; on POSIX it has not been waited for."""
    child = subprocess.Popen([cases.PYTHON, "-c", "import os; os._exit(%d)" % code])
    if sys.platform == "win32":
        child.wait()
    else:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    return child


@contextlib.contextmanager
def exited() -> Iterator[int]:
    child = ended()
    pid = child.pid
    child.wait()
    del child
    yield pid


@contextlib.contextmanager
def exited_with_handle(code: int = 0) -> Iterator[int]:
    child = ended(code)
    yield child.pid
    assert child.wait() == code


@contextlib.contextmanager
def access_denied() -> Iterator[int]:
    if sys.platform != "win32":
        yield os.getpid() if os.getuid() == 0 else 1
        return
    with running() as child:
        forbidden = jobs.ForbiddenProcess(child.pid)
        yield child.pid
        forbidden.terminate()


@contextlib.contextmanager
def beside_access_denied() -> Iterator[int]:
    with access_denied() as pid:
        yield pid + 1


@contextlib.contextmanager
def exited_access_denied() -> Iterator[int]:
    assert sys.platform == "win32"
    with running() as child:
        forbidden = jobs.ForbiddenProcess(child.pid)
        child.communicate()
        yield child.pid
        forbidden.terminate()


@contextlib.contextmanager
def changed(change: Callable[[int], int], **kwargs: Any) -> Iterator[int]:
    with running(**kwargs) as child:
        yield change(child.pid)


PROCESSES: Dict[str, Callable[[], "contextlib.AbstractContextManager[int]"]] = {
    "self": lambda: contextlib.nullcontext(os.getpid()),
    "alive": lambda: changed(lambda pid: pid),
    "exited": exited,
    "exited-handle-open": exited_with_handle,
    "exit-code-259": lambda: exited_with_handle(259),
    "never-existed": lambda: contextlib.nullcontext(0x7FFFFFFC),
    "pid-plus-1": lambda: changed(lambda pid: pid + 1),
    "pid-plus-2": lambda: changed(lambda pid: pid + 2),
    "pid-plus-3": lambda: changed(lambda pid: pid + 3),
    "access-denied": access_denied,
    "access-denied-plus-1": beside_access_denied,
    "exited-access-denied": exited_access_denied,
    "zero": lambda: contextlib.nullcontext(0),
    "negative": lambda: changed(lambda pid: -pid),
    "negative-group": lambda: changed(lambda pid: -pid, **new_group_kwargs()),
    "too-large": lambda: contextlib.nullcontext(1 << 40),
}


class Liveness(unittest.TestCase):
    def test_the_table(self) -> None:
        for case in cases.table("liveness"):
            with self.subTest(case["name"]), PROCESSES[case["process"]]() as pid:
                self.assertEqual(
                    self.answers(case["process"], pid), (case["outcome"], case["alive"])
                )

    def answers(self, process: str, pid: int) -> Any:
        if sys.platform == "win32" or process != "access-denied" or os.getuid() != 0:
            return outcome(pid), pid_exists(pid)
        # Root may signal everybody, so somebody else must ask.
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.setuid(65534)
            os.write(writer, repr((outcome(pid), pid_exists(pid))).encode())
            os._exit(0)
        os.close(writer)
        with open(reader) as answer:
            os.wait()
            return eval(answer.read())

    def test_what_an_error_of_opening_means(self) -> None:
        for case in cases.table("opening"):
            with self.subTest(case["name"]):
                is_listed = mock.Mock(return_value=case["listed"])
                is_nobody = footgun_runtime._is_nobody(case["error"], is_listed)
                self.assertEqual(is_nobody, case["outcome"] == "no-such-process")
                if sys.platform == "win32":
                    self.check_answers(case)

    def check_answers(self, case: Dict[str, Any]) -> None:
        """What the two functions answer where the system gives the error of the case."""
        import ctypes

        def refuse(*_: object) -> int:
            ctypes.set_last_error(case["error"])
            return 0

        assert sys.platform == "win32"
        listed = [(4242, 1)] if case["listed"] else []
        with mock.patch.object(footgun_runtime, "_kernel32") as kernel32:
            with mock.patch.object(footgun_runtime, "_processes", return_value=listed):
                kernel32.OpenProcess = refuse
                seen: List[Any] = []
                for ask in (outcome, pid_exists):
                    try:
                        seen.append(ask(4242))
                    except OSError as error:
                        self.assertEqual(error.winerror, case["error"])
                        seen.append("error")
                alive = {"yes": True, "no": False, "error": "error"}[case["alive"]]
                self.assertEqual(seen, [case["outcome"], alive])

    def test_what_is_no_integer(self) -> None:
        for wrong in ("1", 1.0, None):
            with self.subTest(wrong), self.assertRaises(TypeError):
                probe_pid(wrong)  # type: ignore[arg-type]

    @unittest.skipUnless(cases.WINDOWS, "True is process 1, which exists on POSIX")
    def test_a_truth_value_is_an_integer(self) -> None:
        self.assertEqual([outcome(False), outcome(True)], 2 * ["no-such-process"])

    @unittest.skipIf(cases.WINDOWS, "the original call is made off Windows")
    def test_the_original_call(self) -> None:
        for pid in (0, -5, 7, True, 1 << 40):
            with self.subTest(pid), mock.patch("os.kill") as kill:
                probe_pid(pid)
                kill.assert_called_once_with(pid, 0)

    @unittest.skipIf(cases.WINDOWS, "the original call is made off Windows")
    def test_other_errors_of_the_original_call_pass(self) -> None:
        with mock.patch("os.kill", side_effect=OSError(22, "Invalid argument")):
            with self.assertRaises(OSError):
                pid_exists(7)
