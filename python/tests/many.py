"""A parent in a job that starts many detached children and says how many handles it has kept."""

import ctypes
import json
import sys
from ctypes import wintypes

import cases
import footgun_runtime

assert sys.platform == "win32"
ERROR_INTERNAL_ERROR = 1359

get_information = ctypes.WinDLL("kernel32").GetHandleInformation
get_information.argtypes = [wintypes.HANDLE, wintypes.LPDWORD]
get_information.restype = wintypes.BOOL


def open_handles() -> int:
    """How many handles are open. Wine does not count them itself, so this tries each number."""
    flags = wintypes.DWORD()
    return sum(get_information(handle, ctypes.byref(flags)) for handle in range(4, 1 << 15, 4))


def spawn() -> int:
    """Starts a child and returns its exit code."""
    while True:
        try:
            with footgun_runtime.popen_detached(["cmd.exe", "/d", "/c", "exit 7"]) as child:
                return child.wait()
        except OSError as error:
            # Once in some thousand times Wine loses a new process before it runs.
            if not (cases.WINE and error.winerror == ERROR_INTERNAL_ERROR):
                raise


sys.stdin.readline()
spawn()
before = open_handles()
codes = [spawn() for _ in range(int(sys.argv[1]))]
print(json.dumps({"codes": codes, "kept": open_handles() - before}), flush=True)
