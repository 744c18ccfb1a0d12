"""Owns what the tests need of the Windows API beyond the runtime: jobs, and rights to processes."""

from __future__ import annotations

import sys
from typing import Any, Iterable

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    LIMITS = {
        "breakaway-ok": 0x0800,
        "silent-breakaway-ok": 0x1000,
        "kill-on-close": 0x2000,
    }
    _PROCESS_TERMINATE = 0x00000001
    _WRITE_DAC = 0x00040000
    _EXTENDED_LIMIT_INFORMATION = 9
    _DACL_SECURITY_INFORMATION = 4
    _SDDL_REVISION_1 = 1

    class _BasicLimits(ctypes.Structure):
        _fields_ = [
            ("PerProcessUserTimeLimit", wintypes.LARGE_INTEGER),
            ("PerJobUserTimeLimit", wintypes.LARGE_INTEGER),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        ]

    class _ExtendedLimits(ctypes.Structure):
        _fields_ = [
            ("BasicLimitInformation", _BasicLimits),
            ("IoInfo", ctypes.c_ulonglong * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        ]

    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)

    def _call(library: Any, name: str, *arguments: Any) -> int:
        """Calls a function that gives something other than zero where it succeeds."""
        function = library[name]
        function.restype = ctypes.c_void_p
        result = function(*arguments)
        if not result:
            raise ctypes.WinError(ctypes.get_last_error())
        return int(result)

    def is_in_job() -> bool:
        """Whether this process is in a job."""
        inside = wintypes.BOOL()
        _call(_kernel32, "IsProcessInJob", wintypes.HANDLE(-1), None, ctypes.byref(inside))
        return bool(inside)

    class Job:
        """A job with these limits, which ends when it is closed."""

        def __init__(self, limits: Iterable[str]) -> None:
            self._handle = wintypes.HANDLE(_call(_kernel32, "CreateJobObjectW", None, None))
            wanted = _ExtendedLimits()
            wanted.BasicLimitInformation.LimitFlags = sum(LIMITS[limit] for limit in limits)
            _call(
                _kernel32,
                "SetInformationJobObject",
                self._handle,
                _EXTENDED_LIMIT_INFORMATION,
                ctypes.byref(wanted),
                ctypes.sizeof(wanted),
            )

        def add(self, process: Any) -> None:
            """Puts a process that `subprocess` has started into the job."""
            handle = wintypes.HANDLE(int(process._handle))
            _call(_kernel32, "AssignProcessToJobObject", self._handle, handle)

        def close(self) -> None:
            """Closes the only handle."""
            _call(_kernel32, "CloseHandle", self._handle)

    class ForbiddenProcess:
        """A process that nobody may open any more; there is only this handle to it."""

        def __init__(self, pid: int) -> None:
            self.pid = pid
            access = _PROCESS_TERMINATE | _WRITE_DAC
            self._handle = wintypes.HANDLE(_call(_kernel32, "OpenProcess", access, False, pid))
            _forbid_access(self._handle)

        def terminate(self) -> None:
            """Terminates the process and closes the handle."""
            _call(_kernel32, "TerminateProcess", self._handle, 1)
            _call(_kernel32, "CloseHandle", self._handle)

    def _forbid_access(process: wintypes.HANDLE) -> None:
        nobody = wintypes.LPVOID()
        _call(
            _advapi32,
            "ConvertStringSecurityDescriptorToSecurityDescriptorW",
            "D:",
            _SDDL_REVISION_1,
            ctypes.byref(nobody),
            None,
        )
        _call(_advapi32, "SetKernelObjectSecurity", process, _DACL_SECURITY_INFORMATION, nobody)
        _kernel32.LocalFree(nobody)
