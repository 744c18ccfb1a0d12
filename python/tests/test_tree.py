"""Who ends with `kill_tree`, and who does not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import unittest
from typing import Any
from unittest import mock

import cases
import jobs
from footgun_runtime import kill_tree, new_group_kwargs, popen_detached

KILLED = 1 if cases.WINDOWS else -9


class Tree(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def heartbeat(self, name: str) -> cases.Heartbeat:
        return cases.Heartbeat(os.path.join(self.folder, name))

    def test_descendants_end_and_others_do_not(self) -> None:
        root, child, grandchild, other = map(self.heartbeat, "root child grandchild other".split())
        family = cases.program("heartbeat.py", root.path, child.path, grandchild.path)
        with popen_detached(family) as process:
            with popen_detached(cases.program("heartbeat.py", other.path)) as stranger:
                for heartbeat in (root, child, grandchild, other):
                    heartbeat.wait_for_more()
                kill_tree(process.pid)
                self.assertEqual(process.wait(cases.PATIENCE), KILLED)
                for heartbeat in (root, child, grandchild):
                    heartbeat.wait_for_end()
                other.wait_for_more()
                kill_tree(stranger.pid)
                self.assertEqual(stranger.wait(cases.PATIENCE), KILLED)

    def test_the_children_of_one_that_has_ended(self) -> None:
        child = self.heartbeat("child")
        code = "import subprocess, sys; subprocess.Popen(sys.argv[1:])"
        command = cases.program("heartbeat.py", child.path)
        process = subprocess.Popen([cases.PYTHON, "-c", code, *command], **new_group_kwargs())
        child.wait_for_more()
        if sys.platform == "win32":
            self.assertEqual(process.wait(), 0)
        else:
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        child.wait_for_more()
        kill_tree(process.pid)
        child.wait_for_end()
        self.assertEqual(process.wait(), 0)

    def test_one_that_has_ended_alone(self) -> None:
        process = subprocess.Popen([cases.PYTHON, "-c", ""], **new_group_kwargs())
        self.assertEqual(process.wait(), 0)
        with self.assertRaises(ProcessLookupError):
            kill_tree(process.pid)

    @unittest.skipUnless(cases.WINDOWS, "a group is signalled as a whole")
    def test_one_that_may_not_be_terminated(self) -> None:
        assert sys.platform == "win32"
        root, child = self.heartbeat("root"), self.heartbeat("child")
        with popen_detached(cases.program("heartbeat.py", root.path, child.path)) as process:
            child.wait_for_more()
            forbidden = jobs.ForbiddenProcess(child.pid())
            with self.assertRaises(PermissionError):
                kill_tree(process.pid)
            self.assertEqual(process.wait(cases.PATIENCE), KILLED)
            child.wait_for_more()
            forbidden.terminate()
            child.wait_for_end()

    def test_the_caller_ends_with_its_children(self) -> None:
        child = self.heartbeat("child")
        code = (
            "import os, subprocess, sys, footgun_runtime; subprocess.Popen(sys.argv[1:]);"
            "input(); footgun_runtime.kill_tree(os.getpid())"
        )
        command = [cases.PYTHON, "-c", code, *cases.program("heartbeat.py", child.path)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, env=cases.environment(), **new_group_kwargs()
        ) as process:
            child.wait_for_more()
            process.communicate(b"\n")
        self.assertEqual(process.returncode, KILLED)
        child.wait_for_end()

    def test_nobody(self) -> None:
        with self.assertRaises(ProcessLookupError):
            kill_tree(0x7FFFFFFC)

    def test_numbers_that_mean_more_than_one_tree(self) -> None:
        with mock.patch("os.killpg", create=True) as killpg:
            for pid in (1, 0, -1, -77):
                with self.subTest(pid), self.assertRaises(ValueError):
                    kill_tree(pid)
            killpg.assert_not_called()

    @unittest.skipIf(cases.WINDOWS, "the original call is made off Windows")
    def test_the_original_call(self) -> None:
        number: Any = getattr(signal, "SIGKILL", None)
        with mock.patch("os.killpg", create=True) as killpg:
            kill_tree(77)
            killpg.assert_called_once_with(77, number)
