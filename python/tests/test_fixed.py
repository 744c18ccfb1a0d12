"""What the programs of `fixtures/fix/programs` do before and after `footgun-check --fix`.

Off Windows both do the same. On Windows the fixed ones do it too, as far as Windows has it.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from typing import Any, List, Tuple

import cases
import jobs
from footgun_runtime import kill_tree

FOLDER = os.environ.get("FIXED_PROGRAMS")
BEFORE, AFTER = "before", "after"
# What is right: on Windows only what is fixed.
RIGHT = [AFTER] if cases.WINDOWS else [BEFORE, AFTER]
SLEEP = "import sys; print('up', flush=True); sys.stdin.read()"


def command(version: str, name: str, *arguments: object) -> List[str]:
    assert FOLDER is not None
    program = pathlib.Path(FOLDER, version, name)
    return [cases.PYTHON, str(program), *map(str, arguments)]


@unittest.skipUnless(FOLDER, "scripts/python-test makes the fixed programs")
class Programs(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()

    def run_program(
        self, version: str, name: str, *arguments: object, **environment: str
    ) -> Tuple[int, str]:
        """Exit status and output of a program."""
        result = subprocess.run(
            command(version, name, *arguments),
            stdout=subprocess.PIPE,
            env={**cases.environment(), **environment},
        )
        return result.returncode, result.stdout.decode("utf-8").replace("\r\n", "\n")


class Probe(Programs):
    def child(self, code: str) -> "subprocess.Popen[bytes]":
        pipe = subprocess.PIPE
        child = subprocess.Popen([cases.PYTHON, "-c", code], stdin=pipe, stdout=pipe)
        self.addCleanup(child.communicate)
        return child

    def sleeping(self) -> "subprocess.Popen[bytes]":
        child = self.child(SLEEP)
        assert child.stdout is not None
        child.stdout.readline()
        return child

    def test_the_states_of_processes(self) -> None:
        alive, dead = self.sleeping(), self.child("")
        dead.communicate()
        expected = (
            "alive None\n"
            "alive None\n"
            "dead ProcessLookupError(errno=3)\n"
            "no number of a process OverflowError(errno=None)\n"
        )
        for version in RIGHT:
            with self.subTest(version):
                pids = (os.getpid(), alive.pid, dead.pid, 1 << 40)
                self.assertEqual(self.run_program(version, "probe.py", *pids), (0, expected))

    def test_a_process_of_somebody_else(self) -> None:
        arguments = self.process_of_somebody_else()
        for version in RIGHT:
            with self.subTest(version):
                self.assertEqual(
                    self.run_program(version, "probe.py", *arguments),
                    (0, "not ours PermissionError(errno=%d)\n" % (13 if cases.WINDOWS else 1)),
                )

    def process_of_somebody_else(self) -> List[object]:
        """The arguments with which a program asks about one."""
        if sys.platform == "win32":
            forbidden = jobs.ForbiddenProcess(self.sleeping().pid)
            self.addCleanup(forbidden.terminate)
            return [forbidden.pid]
        elif os.geteuid() == 0:
            # Nobody asks about root.
            return ["--user", 65534, os.getpid()]
        try:
            os.kill(1, 0)
        except PermissionError:
            return [1]
        self.skipTest("even the first process is of this user, who cannot become another one")

    @unittest.skipIf(cases.WINDOWS, "there it does not exist any more, for nobody")
    def test_a_process_that_nobody_has_waited_for(self) -> None:
        if sys.platform != "win32":
            ended = self.child("")
            os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
            for version in RIGHT:
                with self.subTest(version):
                    self.assertEqual(
                        self.run_program(version, "probe.py", ended.pid, 0),
                        (0, "alive None\nalive None\n"),
                    )


class Shim(Programs):
    def test_npm_is_given_its_arguments(self) -> None:
        expected = [["run", "build all", "", "--flag=ä"], ["run", "build all", "x", "--flag=ä"]]
        arguments = expected[cases.WINDOWS]
        self.install("import json, sys; print(json.dumps(sys.argv[1:])); sys.exit(3)")
        for version in RIGHT:
            with self.subTest(version):
                status, output = self.run_npm(version, *arguments)
                self.assertEqual((status, json.loads(output)), (3, arguments))

    @unittest.skipIf(sys.version_info < (3, 10), "sys.orig_argv is new in 3.10")
    @unittest.skipIf(cases.WINDOWS, "the command interpreter has another command line")
    def test_npm_has_its_name(self) -> None:
        (self.folder / "npm").symlink_to(pathlib.Path(cases.PYTHON).resolve())
        code = "import json, sys; print(json.dumps(sys.orig_argv))"
        for version in RIGHT:
            with self.subTest(version):
                status, output = self.run_npm(version, "-c", code, "run")
                self.assertEqual((status, json.loads(output)), (0, ["npm", "-c", code, "run"]))

    def test_npm_is_not_installed(self) -> None:
        for version in RIGHT:
            with self.subTest(version):
                self.assertEqual(self.run_npm(version, "run"), (127, "npm is not installed\n"))

    def install(self, code: str) -> None:
        """Puts an npm into the folder, which is this Python program."""
        program = self.folder / "npm.py"
        program.write_text(code, encoding="utf-8")
        if cases.WINDOWS:
            batch = '@"%s" "%s" %%*\r\n' % (cases.PYTHON, program)
            (self.folder / "npm.cmd").write_text(batch, encoding="ascii")
        else:
            script = '#!/bin/sh\nexec "%s" "%s" "$@"\n' % (cases.PYTHON, program)
            (self.folder / "npm").write_text(script, encoding="utf-8")
            (self.folder / "npm").chmod(0o755)

    def run_npm(self, version: str, *arguments: object) -> Tuple[int, str]:
        return self.run_program(version, "shim.py", *arguments, PATH=str(self.folder))


class Group(Programs):
    def test_a_child_that_leads_a_group_is_stopped(self) -> None:
        if cases.WINDOWS:
            leads, expected = "'up'", "up\n1\n"
        else:
            leads, expected = "os.getsid(0) == os.getpgid(0) == os.getpid()", "True\n-15\n"
        code = "import os, time; print(%s, flush=True); time.sleep(60)" % leads
        for version in RIGHT:
            with self.subTest(version):
                result = self.run_program(version, "group.py", cases.PYTHON, "-c", code)
                self.assertEqual(result, (0, expected))


class Descriptor(Programs):
    @unittest.skipIf(cases.WINDOWS, "there are no descriptors to inherit on Windows")
    def test_one_that_was_left_open_on_purpose_stays_open(self) -> None:
        for version in RIGHT:
            with self.subTest(version):
                # The output ends when the child does, which nobody else waits for.
                result = self.run_program(version, "descriptor.py", "sh", "-c", "echo kept >&3")
                self.assertEqual(result, (0, "kept\n"))


class Daemon(Programs):
    def start(self, version: str, *limits: str) -> Tuple[Any, Any, cases.Heartbeat]:
        """A parent that has started a daemon, the job around it, and the beats of the daemon."""
        heartbeat = cases.Heartbeat(str(self.folder / ("%s%d" % (version, len(limits)))))
        pipe = subprocess.PIPE
        parent = subprocess.Popen(
            command(version, "daemon.py", *cases.program("heartbeat.py", heartbeat.path)),
            stdin=pipe,
            stdout=pipe,
            env=cases.environment(),
        )
        job = None
        if sys.platform == "win32":
            job = jobs.Job(limits)
            job.add(parent)
        assert parent.stdin is not None and parent.stdout is not None
        parent.stdin.write(b"\n")
        parent.stdin.flush()
        said = parent.stdout.readline()
        heartbeat.wait_for_more()
        self.assertEqual(int(said), heartbeat.pid())
        self.addCleanup(self.end, heartbeat)
        return parent, job, heartbeat

    def end(self, heartbeat: cases.Heartbeat) -> None:
        try:
            kill_tree(heartbeat.pid())
        except ProcessLookupError:
            pass
        heartbeat.wait_for_end()

    @unittest.skipIf(cases.WINDOWS, "there are no sessions on Windows")
    def test_it_leads_a_session_and_outlives_its_parent(self) -> None:
        if sys.platform != "win32":
            for version in RIGHT:
                with self.subTest(version):
                    parent, _, heartbeat = self.start(version)
                    pid = heartbeat.pid()
                    self.assertEqual((os.getsid(pid), os.getpgid(pid)), (pid, pid))
                    self.assertEqual(self.streams(pid), 3 * ["/dev/null"])
                    self.assertEqual(parent.communicate(), (b"", None))
                    self.assertEqual(parent.returncode, 0)
                    heartbeat.wait_for_more()

    def streams(self, pid: int) -> List[str]:
        """The files that are the standard streams of a process."""
        if not os.path.isdir("/proc/self/fd"):
            self.skipTest("there is no /proc")
        return [os.readlink("/proc/%d/fd/%d" % (pid, number)) for number in range(3)]

    @unittest.skipUnless(cases.WINDOWS, "jobs exist on Windows only")
    def test_it_outlives_its_parent_and_the_job_if_that_lets_it_go(self) -> None:
        if sys.platform == "win32" and jobs.is_in_job():
            self.skipTest("this test is in a job itself, which would decide the outcome")
        lets_go = ["kill-on-close", "breakaway-ok"]
        for version, limits, survives in (
            (BEFORE, lets_go, False),
            (AFTER, lets_go, True),
            (AFTER, ["kill-on-close"], False),
        ):
            with self.subTest(version, limits=limits):
                parent, job, heartbeat = self.start(version, *limits)
                self.assertEqual(parent.communicate(), (b"", None))
                heartbeat.wait_for_more()
                job.close()
                if survives:
                    # More beats than can still come of one that is about to end.
                    heartbeat.wait_for_more()
                    heartbeat.wait_for_more()
                else:
                    heartbeat.wait_for_end()
