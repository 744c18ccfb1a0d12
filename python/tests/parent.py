"""A parent in a job: starts one child plainly and one detached, says what it was told, and exits.

It starts them when it reads a line, since by then it has been put into its jobs, and exits when its
input ends.
"""

import json
import subprocess
import sys
from typing import Any

import footgun_runtime

attempts = 0


class Counted(subprocess.Popen):  # type: ignore[type-arg]
    """Counts how often the system is asked for a process."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        global attempts
        attempts += 1
        super().__init__(*args, **kwargs)


heartbeat, plain_file, detached_file = sys.argv[1:]
sys.stdin.readline()
null = subprocess.DEVNULL
plain = subprocess.Popen(
    [sys.executable, heartbeat, plain_file], stdin=null, stdout=null, stderr=null
)
subprocess.Popen = Counted  # type: ignore[misc]
detached = footgun_runtime.popen_detached([sys.executable, heartbeat, detached_file])
lifetime = footgun_runtime.lifetime(detached)
told = {
    "plain": plain.pid,
    "detached": detached.pid,
    "in_job": lifetime.in_job,
    "kill_on_close": {True: "kills", False: "does-not", None: "unknown"}[lifetime.kill_on_close],
    "attempts": attempts,
}
print(json.dumps(told), flush=True)
sys.stdin.read()
