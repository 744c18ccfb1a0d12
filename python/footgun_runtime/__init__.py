# footgun_runtime 0.1.0. MIT OR Apache-2.0. This one file may be copied into any project, and
# `footgun-check --vendor-runtime python PATH` writes it there or brings it up to date.
"""Child processes that live on Windows as they do on POSIX: asked after, found, detached, ended.

Off Windows each function makes the call that it replaces and nothing else. On Windows:

- `probe_pid` and `pid_exists` ask whether a process exists, where `os.kill(pid, 0)` would press
  Ctrl+C or end it.
- `win_argv` finds `npm.cmd` where `npm` was written.
- `popen_detached` starts a process that outlives its parent's console and, as far as they permit
  it, its parent's jobs; `lifetime` says how far they did.
- `hidden_kwargs` and `new_group_kwargs` are keyword arguments for `subprocess`.
- `kill_tree` ends a process with its descendants.
"""

from __future__ import annotations

import contextlib
import errno
import operator
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import weakref
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    TypeVar,
    Union,
    cast,
)

if TYPE_CHECKING:
    from typing import Literal, TypedDict

    class _Flags(TypedDict, total=False):
        creationflags: int

    class _Group(TypedDict, total=False):
        creationflags: int
        start_new_session: bool


__version__ = "0.1.0"
__all__ = [
    "Lifetime",
    "hidden_kwargs",
    "kill_tree",
    "lifetime",
    "new_group_kwargs",
    "pid_exists",
    "popen_detached",
    "probe_pid",
    "win_argv",
]

_Program = Union[str, "os.PathLike[str]"]
_Argv = TypeVar("_Argv", bound=Union[Sequence[_Program], "os.PathLike[str]"])


class Lifetime(NamedTuple):
    """What is known of the jobs that may end a child."""

    in_job: bool
    """Whether it is in a job. Off Windows it never is."""

    kill_on_close: Optional[bool]
    """Whether the job around it, the innermost, ends it when its last handle is closed, as happens
    when the last process ends that holds one. `None`: that is not known. Of outer jobs nothing is
    known either, and each can end it at any time by the will of whoever holds it."""


# `subprocess` has these names only on Windows.
_DETACHED_PROCESS = 0x00000008
_CREATE_NEW_CONSOLE = 0x00000010
_CREATE_NEW_PROCESS_GROUP = 0x00000200
_CREATE_BREAKAWAY_FROM_JOB = 0x01000000
_CREATE_NO_WINDOW = 0x08000000
_STARTF_USESTDHANDLES = 0x00000100

# The parameters of `subprocess.Popen` that may be given by position.
_BY_POSITION = (
    "args bufsize executable stdin stdout stderr preexec_fn close_fds shell cwd env"
    " universal_newlines startupinfo creationflags restore_signals start_new_session pass_fds"
).split()

# The children that were started in the job of this process, since it forbids breakaway.
_in_own_job: "weakref.WeakSet[subprocess.Popen[Any]]" = weakref.WeakSet()

_ERROR_ACCESS_DENIED = 5
_ERROR_INVALID_PARAMETER = 87

# What CreateProcess can start; PATHEXT lists more, which only a shell can.
_STARTABLE = (".com", ".exe", ".bat", ".cmd")
_BATCH = (".bat", ".cmd")


def probe_pid(pid: int) -> None:
    """Asks whether a process exists: `os.kill(pid, 0)`, also on Windows. Returns if it does.

    Errors are those of POSIX, so that the `except` clauses of the caller keep their meaning:

    - `ProcessLookupError`: nobody has this number. On Windows a process that ended does not exist,
      though somebody may hold a handle to it, and whatever its exit code; nor does 0 or a negative
      number, since there are no groups to ask about. On POSIX a process that ended exists until it
      is waited for.
    - `PermissionError`: the process exists, and the caller may not ask for more.
    - `OverflowError`: a number beyond what the system has for processes.
    - `TypeError`: no integer. `True` is the integer 1, as for `os.kill`.
    - Any other `OSError`: the system did not say.

    Process numbers are reused: the answer is about whoever has the number now.
    """
    if sys.platform == "win32":
        with _opened(pid, _SYNCHRONIZE | _PROCESS_QUERY_LIMITED_INFORMATION) as process:
            if _has_exited(process):
                raise _no_such_process()
    else:
        os.kill(pid, 0)


def pid_exists(pid: int) -> bool:
    """Whether a process exists, by `probe_pid`: one that the caller may not ask about does."""
    try:
        probe_pid(pid)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True


def win_argv(
    argv: _Argv,
    *,
    env: Optional[Mapping[str, str]] = None,
    path: Optional[str] = None,
    cwd: Union[str, "os.PathLike[str]", None] = None,
) -> _Argv:
    """`argv` with its program as the file that the name stands for on Windows.

    `subprocess` completes a bare name with `.exe` only and does not find `npm.cmd`. Here it is
    looked for as Windows does it, as an `.exe` beside this program and in the folders of the
    system, but not in the current folder. Then it is looked for in each folder of PATH with the
    extensions that PATHEXT lists, as far as a process can be made of them (`.com`, `.exe`, `.bat`,
    `.cmd`). The script without an extension beside it is never taken, nor a folder of PATH that is
    relative to the current one. A path is completed in place. What is not found, and everything on
    other systems, stays as it is; Windows then searches in its own way, which takes an `.exe` from
    the current folder too.

    `argv` is a list, a tuple or a single path. A string, which on Windows is a whole command line,
    stays as it is, and so does a program given as bytes. `path`, or else the PATH in `env`, is
    searched instead of that of this process, and before the folders of the system. A relative path
    is taken from `cwd`, as POSIX does, if that is given.

    A batch file is read by `cmd.exe`, and `subprocess` does not escape its arguments. Where
    `cmd.exe` would take a part of one for its own, as the caret of `react@^18`, the result is a
    list that calls `cmd.exe` with the arguments escaped, as Rust's standard library does it. What
    no escaping brings through is refused with `ValueError`: a line break or a null character.
    `cmd.exe` takes 8,191 characters in all. Arguments that are added later are not seen, and what
    the file does with its own is its affair: hand none what a stranger wrote.
    """
    if sys.platform != "win32" or isinstance(argv, (str, bytes)) or not argv:
        return argv
    if path is None and env is not None:
        # Names of variables have no case on Windows, a mapping made by hand does.
        path = next((value for key, value in env.items() if key.upper() == "PATH"), None)
    words = [argv] if isinstance(argv, os.PathLike) else list(argv)
    found = [_resolved(words[0], path, cwd), *words[1:]]
    result: Any = _for_batch(found)
    if result == words:
        return argv
    if isinstance(argv, os.PathLike) and result is found:
        result = found[0]
    elif isinstance(argv, tuple):
        result = tuple(result)
    return cast("_Argv", result)


def popen_detached(*args: Any, **kwargs: Any) -> subprocess.Popen[Any]:
    """`subprocess.Popen` for a child that shall outlive its parent.

    The arguments are those of `subprocess.Popen`. Off Windows it is called with them and with
    `start_new_session=True`. On Windows:

    - CREATE_NO_WINDOW and CREATE_BREAKAWAY_FROM_JOB are added to the `creationflags` of the caller;
      CREATE_NO_WINDOW is not beside DETACHED_PROCESS and CREATE_NEW_CONSOLE, where it would be
      ignored. A child with a console of its own is not reached by Ctrl+C of the caller's, and still
      reacts to Ctrl+C itself, as it does not under CREATE_NEW_PROCESS_GROUP.
    - Where the job of the parent forbids breakaway (error 5 and no other), the process is started
      without it in a second attempt. It may then end with the job: see `lifetime`.
    - Streams that are not given, here or in `startupinfo`, are the null device. To inherit them
      would tie the child to the pipes of its parent.

    Errors are those of `subprocess.Popen`. The program is taken as it is: see `win_argv`.
    """
    by_position = dict(zip(_BY_POSITION[1:], args[1:]))
    if len(args) > len(_BY_POSITION) or by_position.keys() & kwargs.keys():
        # What it says of that is what the caller shall read.
        return subprocess.Popen(*args, **kwargs)
    kwargs.update(by_position)
    if sys.platform == "win32":
        streams = [name for name in ("stdin", "stdout", "stderr") if kwargs.get(name) is None]
        startupinfo = kwargs.get("startupinfo")
        has_handles = startupinfo is not None and startupinfo.dwFlags & _STARTF_USESTDHANDLES
        if len(streams) < 3 or not has_handles:
            kwargs.update(dict.fromkeys(streams, subprocess.DEVNULL))
        first, second = _attempts(kwargs.pop("creationflags", 0))
        try:
            return subprocess.Popen(*args[:1], creationflags=first, **kwargs)
        except OSError as error:
            if error.winerror != _ERROR_ACCESS_DENIED:
                raise
        process = subprocess.Popen(*args[:1], creationflags=second, **kwargs)
        _in_own_job.add(process)
        return process
    else:
        return subprocess.Popen(*args[:1], **{**kwargs, "start_new_session": True})


def lifetime(process: subprocess.Popen[Any]) -> Lifetime:
    """What is known of the jobs that may end a child.

    Breakaway may succeed in part: of two jobs, one inside the other, the child leaves the inner one
    and stays in the outer one if that forbids it. So the system is asked, not the flags. Ask when
    the child has just been started: later it may have put itself into a job. The limits of a job
    are known only of the one around the caller, and so only for a child of `popen_detached` that
    had to stay in it. Raises `OSError` if the system does not say.
    """
    if sys.platform == "win32":
        # The limited right is enough for Windows. Wine wants the full one, which a parent has too.
        with _opened(process.pid, _PROCESS_QUERY_INFORMATION) as handle:
            if not _is_in_job(handle):
                return Lifetime(False, False)
        return Lifetime(True, _own_job_kills() if process in _in_own_job else None)
    else:
        return Lifetime(False, False)


def hidden_kwargs(creationflags: int = 0) -> _Flags:
    """Keyword arguments for `subprocess` that keep a console program from opening a window.

    On Windows `creationflags`, with CREATE_NO_WINDOW where the caller has no console: the program
    then shares a console without a window with all that it starts. Where there is a console the
    program uses it and opens no window; CREATE_NO_WINDOW would lose its output and Ctrl+C.
    Elsewhere none. For programs that are waited for, as in
    `subprocess.run(argv, **hidden_kwargs())`.
    """
    if sys.platform == "win32":
        return {"creationflags": creationflags | _hiding(_kernel32.GetConsoleCP() != 0)}
    else:
        return {}


def new_group_kwargs(creationflags: int = 0) -> _Group:
    """Keyword arguments for `subprocess` that make the child the leader of a process group.

    On Windows `creationflags` with CREATE_NEW_PROCESS_GROUP: Ctrl+C of the caller's console does
    not reach the child, which stays on that console, where Ctrl+Break reaches it, and in the
    caller's job. Elsewhere `start_new_session`, as `kill_tree` needs it. Both at once:
    `new_group_kwargs(**hidden_kwargs())`.
    """
    if sys.platform == "win32":
        return {"creationflags": creationflags | _CREATE_NEW_PROCESS_GROUP}
    else:
        return {"start_new_session": True}


def kill_tree(pid: int) -> Literal["tree", "process-alone"]:
    """Ends a process and its descendants, at once and without asking them.

    On POSIX this is `os.killpg(pid, signal.SIGKILL)`: the group that `pid` leads, as every process
    does that was started with `popen_detached` or `new_group_kwargs`. A descendant that went into a
    group of its own is not in it. A process that leads no group is ended alone, and "process-alone"
    returned instead of "tree".

    On Windows the descendants are those that the list of processes shows, none older than its
    parent, and those that come into being meanwhile; all end with exit code 1, and are waited for,
    five seconds at the most. A descendant whose parent has ended already cannot be found, unless
    `pid` is that parent, nor one that seems older than its parent because the clock was set back.
    Who needs to be certain puts the process into a job of his own before it runs.

    A caller who is a descendant himself ends too, the last of all. Errors:

    - `ProcessLookupError`: nobody has this number.
    - `PermissionError`: the process, or one of its descendants on Windows, may not be terminated;
      the others are. Where one may not even ask about `pid`, nobody is.
    - `ValueError`: 0, 1 and negative numbers, which on POSIX name the caller's own group and all
      processes there are.
    """
    if pid < 2:
        raise ValueError("%r is not the number of a process that one has started" % (pid,))
    if sys.platform == "win32":
        with _System() as system:
            _end_tree(system, pid)
    else:
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            # There is no such group; the process may be there all the same.
            os.kill(pid, signal.SIGKILL)
            return "process-alone"
    return "tree"


def _no_such_process() -> ProcessLookupError:
    return ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))


def _is_nobody(error: int, is_listed: Callable[[], bool]) -> bool:
    """Whether nobody has a number whose process could not be opened for this error.

    Access is denied to a process of somebody else, and as well to one that has ended, as long as
    somebody holds it. Only the former is in the list of processes.
    """
    if error == _ERROR_ACCESS_DENIED:
        return not is_listed()
    return error == _ERROR_INVALID_PARAMETER


class _Member(NamedTuple):
    """A process of a tree. It is held, so that nobody else gets its number."""

    process: Any
    created: int
    is_mortal: bool


def _end_tree(system: Any, root: int) -> None:
    """Ends a process and its descendants: all of `kill_tree` but the calls to Windows.

    Each round looks who there is, and ends whom it finds. What the members of a job start meanwhile
    is in the job and ends with it; what others start before they end is found in the next round,
    since the handles of the dead keep their numbers. A round that finds nobody is the last one.
    """
    process, refusal = system.open(root)
    has_ended = not system.runs(process)
    # Its descendants may outlive it, as the members of a group on POSIX.
    refusals = [refusal] if refusal is not None and not has_ended else []
    members = {root: _Member(process, system.birth(process)[1], refusal is None)}
    new = [root]
    can_look = True
    while can_look:
        try:
            new += _find(system, members, refusals)
        except OSError as error:
            # Whoever is known ends all the same.
            refusals.append(error)
            can_look = False
        if not new:
            break
        _end_all(system, [members[pid] for pid in new if pid != system.own], refusals)
        new = []
    if has_ended and len(members) == 1:
        refusals.append(_no_such_process())
    if system.own in members:
        with _kept(refusals):
            system.end(members[system.own].process)
    if refusals:
        raise refusals[0]


@contextlib.contextmanager
def _kept(refusals: List[OSError]) -> Iterator[None]:
    """Goes on after an error, which is kept."""
    try:
        yield
    except OSError as error:
        refusals.append(error)


def _find(system: Any, members: Dict[int, _Member], refusals: List[OSError]) -> List[int]:
    """Adds the descendants that are not among the members yet; returns their numbers."""
    listed = system.list()
    found = []
    # Those that cannot be opened or do not say where they come from: nobody holds their numbers, so
    # they count for this list only, and are as old as can be.
    closed: Dict[int, int] = {}
    known = -1
    while known < len(members) + len(closed):
        known = len(members) + len(closed)
        for pid, parent in listed:
            if pid == parent or pid in members or pid in closed:
                continue
            if parent in members:
                parent_created = members[parent].created
            elif parent in closed:
                parent_created = closed[parent]
            else:
                continue
            try:
                process, refusal = system.open(pid)
                birth = system.birth(process)
            except ProcessLookupError:
                continue
            except OSError as error:
                closed[pid] = parent_created
                refusals.append(error)
                continue
            # Since the list was made, or the parent began, somebody else may have got a number.
            if birth[0] == parent and birth[1] >= parent_created:
                if refusal is not None:
                    refusals.append(refusal)
                members[pid] = _Member(process, birth[1], refusal is None)
                found.append(pid)
    return found


def _end_all(system: Any, members: List[_Member], refusals: List[OSError]) -> None:
    """Ends these members and waits until they have ended."""
    mortal = [member.process for member in members if member.is_mortal]
    for process in mortal:
        if not system.put_into_job(process):
            with _kept(refusals):
                system.end(process)
    with _kept(refusals):
        system.end_job()
    for process in mortal:
        system.wait(process)


def _attempts(flags: int) -> Tuple[int, int]:
    """The creation flags of the first attempt and of the second, for a caller who wants `flags`."""
    if not flags & (_DETACHED_PROCESS | _CREATE_NEW_CONSOLE):
        flags |= _CREATE_NO_WINDOW
    return flags | _CREATE_BREAKAWAY_FROM_JOB, flags & ~_CREATE_BREAKAWAY_FROM_JOB


def _hiding(has_console: bool) -> int:
    """The flag that a program needs to open no window, for a caller with or without a console."""
    return 0 if has_console else _CREATE_NO_WINDOW


def _resolved(program: Any, path: Optional[str], cwd: Any) -> Any:
    """`program` as the file it stands for, in the type in which it was given if that is a path."""
    name = os.fspath(program)
    found = _resolve(name, path, cwd) if isinstance(name, str) else name
    if found == name:
        return program
    return type(program)(found) if isinstance(program, pathlib.PurePath) else found


def _resolve(name: str, path: Optional[str], cwd: Any) -> str:
    """The file that `name` stands for on Windows, or `name`."""
    stem = os.path.basename(name)
    # Windows leaves out the dot at the end, so that an extension after it names something else.
    if not stem or stem.endswith("."):
        return name
    if stem != name:
        whole = name if cwd is None else os.path.abspath(os.path.join(os.fspath(cwd), name))
        return _complete([whole]) or name
    own_path = _complete([os.path.join(folder, name) for folder in _folders(path or "")])
    if own_path is not None:
        return own_path
    system = _in_system(name)
    if system is None and path is None:
        path = os.environ.get("PATH", "")
        system = _complete([os.path.join(folder, name) for folder in _folders(path)])
    return system or name


def _in_system(name: str) -> Optional[str]:
    """The `.exe` of a name where Windows looks before PATH, except for the current folder."""
    file = name if "." in name else name + ".exe"
    if sys.platform == "win32" and file.lower().endswith(".exe"):
        for folder in _system_folders():
            if os.path.isfile(os.path.join(folder, file)):
                return os.path.join(folder, file)
    return None


def _complete(paths: List[str]) -> Optional[str]:
    """The first file of these paths, if it can be started, or of one of them and an extension."""
    listed = (os.environ.get("PATHEXT") or ";".join(_STARTABLE)).split(";")
    startable = [ending for ending in listed if ending.lower() in _STARTABLE]
    for path in paths:
        # `splitext` finds no extension in `..cmd`.
        stem, dot, ending = os.path.basename(path).rpartition(".")
        is_complete = bool(stem) and (dot + ending).lower() in _STARTABLE
        for ending in [""] if is_complete else startable:
            if os.path.isfile(path + ending):
                return path + ending
    return None


def _folders(path: str) -> Iterator[str]:
    """The absolute folders of a PATH. Quotes around an entry are not a part of its name."""
    for entry in re.findall(r'(?:[^";]|"[^"]*(?:"|$))+', path):
        folder = entry.replace('"', "")
        # Without its drive a folder depends on the current one.
        if os.path.isabs(folder) and os.path.splitdrive(folder)[0]:
            yield folder


class _Verbatim(str):
    """A word of a command line that `subprocess` takes as it is, without quotes or backslashes."""

    def __contains__(self, part: object) -> bool:
        return False

    def __iter__(self) -> Iterator[str]:
        return iter([str(self)])


def _for_batch(argv: List[Any]) -> List[Any]:
    """`argv`, or a call of `cmd.exe` where that is needed to bring it through to a batch file."""
    texts = [os.fsdecode(argument) for argument in argv]
    # Windows drops dots and spaces at the end of a name.
    if not texts[0].rstrip(". ").lower().endswith(_BATCH):
        return argv
    for text in texts:
        if re.search("[\r\n\0]", text):
            raise ValueError("cannot be passed to a batch file: %r" % (text,))
    if '"' in texts[0]:
        raise ValueError("no file has such a name: %r" % (texts[0],))
    # `subprocess` puts quotes around spaces and tabs only.
    quoted = [bool(set(text) & set(" \t")) for text in texts]
    if not any(set(text) & set('"%' if q else '"%&|<>^') for text, q in zip(texts, quoted)):
        return argv
    interpreter = os.path.join(os.environ.get("SystemRoot", "C:\\Windows"), "System32", "cmd.exe")
    # With /s or more than two quotes `cmd.exe` takes off the first and the last one.
    line = " ".join(['"%s"' % _without_percents(texts[0]), *map(_escaped, texts[1:])])
    return [interpreter, "/e:ON", "/v:OFF", "/d", "/c", _Verbatim('"%s"' % line)]


def _escaped(text: str) -> str:
    """An argument as a batch file is given it by `cmd.exe`, and as programs behind it read it."""
    text = _without_percents(re.sub(r'(\\*)"', r'\1\1""', text))
    # Whatever may not be plain is put into quotes. Before the last one backslashes are doubled.
    if re.fullmatch(r"[\w#$*+\-./:?@\\]*[\w#$*+\-./:?@]", text):
        return text
    return '"%s"' % re.sub(r"(\\+)$", r"\1\1", text)


def _without_percents(text: str) -> str:
    """Text in which `cmd.exe` finds no variable: an empty piece of `cd` is before each `%`."""
    return text.replace("%", "%%cd:~,%")


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _PROCESS_TERMINATE = 0x0001
    _PROCESS_SET_QUOTA = 0x0100
    _PROCESS_QUERY_INFORMATION = 0x0400
    _PROCESS_QUERY_LIMITED_INFORMATION = 0x1000
    _SYNCHRONIZE = 0x00100000
    _TH32CS_SNAPPROCESS = 0x00000002
    _EXTENDED_LIMITS = 9
    _KILL_ON_JOB_CLOSE = 0x2000
    _WAIT_OBJECT_0 = 0x00000000
    _WAIT_TIMEOUT = 0x00000102
    _INVALID_HANDLE_VALUE = wintypes.HANDLE(-1).value

    class _PROCESSENTRY32W(ctypes.Structure):
        _fields_ = [
            ("dwSize", wintypes.DWORD),
            ("cntUsage", wintypes.DWORD),
            ("th32ProcessID", wintypes.DWORD),
            ("th32DefaultHeapID", ctypes.c_size_t),
            ("th32ModuleID", wintypes.DWORD),
            ("cntThreads", wintypes.DWORD),
            ("th32ParentProcessID", wintypes.DWORD),
            ("pcPriClassBase", wintypes.LONG),
            ("dwFlags", wintypes.DWORD),
            ("szExeFile", wintypes.WCHAR * 260),
        ]

    # `ctypes.windll` is shared by everybody who uses it, declarations included.
    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)

    def _declare(name: str, result: Any, *parameters: Any) -> None:
        function = getattr(_kernel32, name)
        function.argtypes = parameters
        function.restype = result

    _declare("OpenProcess", wintypes.HANDLE, wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
    _declare("CloseHandle", wintypes.BOOL, wintypes.HANDLE)
    _declare("GetProcessId", wintypes.DWORD, wintypes.HANDLE)
    _declare("GetProcessTimes", wintypes.BOOL, wintypes.HANDLE, *4 * [wintypes.LPFILETIME])
    _declare("WaitForSingleObject", wintypes.DWORD, wintypes.HANDLE, wintypes.DWORD)
    _declare("TerminateProcess", wintypes.BOOL, wintypes.HANDLE, wintypes.UINT)
    _declare("IsProcessInJob", wintypes.BOOL, wintypes.HANDLE, wintypes.HANDLE, wintypes.PBOOL)
    _declare("GetConsoleCP", wintypes.UINT)
    _declare(
        "GetModuleFileNameW", wintypes.DWORD, wintypes.HMODULE, wintypes.LPWSTR, wintypes.DWORD
    )
    for _name in ("GetSystemDirectoryW", "GetWindowsDirectoryW"):
        _declare(_name, wintypes.UINT, wintypes.LPWSTR, wintypes.UINT)
    _declare(
        "QueryInformationJobObject",
        wintypes.BOOL,
        wintypes.HANDLE,
        ctypes.c_int,
        wintypes.LPVOID,
        wintypes.DWORD,
        wintypes.LPDWORD,
    )
    _declare("CreateJobObjectW", wintypes.HANDLE, wintypes.LPVOID, wintypes.LPCWSTR)
    _declare("AssignProcessToJobObject", wintypes.BOOL, wintypes.HANDLE, wintypes.HANDLE)
    _declare("TerminateJobObject", wintypes.BOOL, wintypes.HANDLE, wintypes.UINT)
    _declare("CreateToolhelp32Snapshot", wintypes.HANDLE, wintypes.DWORD, wintypes.DWORD)
    for _name in ("Process32FirstW", "Process32NextW"):
        _declare(_name, wintypes.BOOL, wintypes.HANDLE, ctypes.POINTER(_PROCESSENTRY32W))

    # Asked for `ProcessBasicInformation`, whose last word is the number of the parent.
    _query_process = ctypes.WinDLL("ntdll").NtQueryInformationProcess
    _query_process.argtypes = [
        wintypes.HANDLE,
        ctypes.c_int,
        ctypes.c_void_p,
        wintypes.ULONG,
        wintypes.PULONG,
    ]
    _query_process.restype = wintypes.LONG
    _status_to_error = ctypes.WinDLL("ntdll").RtlNtStatusToDosError
    _status_to_error.argtypes = [wintypes.LONG]
    _status_to_error.restype = wintypes.ULONG

    def _checked(result: int) -> int:
        if not result:
            raise ctypes.WinError(ctypes.get_last_error())
        return result

    @contextlib.contextmanager
    def _opened(pid: int, access: int) -> Iterator[int]:
        """A handle to the process of this very number, with a right to query it in `access`."""
        pid = operator.index(pid)
        if not -0x80000000 <= pid <= 0xFFFFFFFF:
            raise OverflowError("no process can have the number %d" % pid)
        if pid <= 0:
            raise _no_such_process()
        handle = _kernel32.OpenProcess(access, False, pid)
        if not handle:
            error = ctypes.get_last_error()
            if _is_nobody(error, lambda: pid in dict(_processes())):
                raise _no_such_process()
            raise ctypes.WinError(error)
        try:
            # Windows leaves out of account the two lowest bits of the number it is asked to open.
            if _kernel32.GetProcessId(handle) != pid:
                raise _no_such_process()
            yield handle
        finally:
            _kernel32.CloseHandle(handle)

    def _has_exited(process: int) -> bool:
        # An exit code cannot say it: 259, STILL_ACTIVE, is a possible one.
        state = _kernel32.WaitForSingleObject(process, 0)
        if state not in (_WAIT_OBJECT_0, _WAIT_TIMEOUT):
            raise ctypes.WinError(ctypes.get_last_error())
        return bool(state == _WAIT_OBJECT_0)

    def _system_folders() -> List[str]:
        """The folder of the program that runs, and those of the system."""
        name = ctypes.create_unicode_buffer(1024)
        _checked(_kernel32.GetModuleFileNameW(None, name, len(name)))
        folders = [os.path.dirname(name.value)]
        for ask in (_kernel32.GetSystemDirectoryW, _kernel32.GetWindowsDirectoryW):
            _checked(ask(name, len(name)))
            folders.append(name.value)
        return folders

    def _is_in_job(process: int) -> bool:
        inside = wintypes.BOOL()
        _checked(_kernel32.IsProcessInJob(process, None, ctypes.byref(inside)))
        return bool(inside)

    def _own_job_kills() -> Optional[bool]:
        """Whether the job around this process kills at its end; `None` if nobody says."""
        # A `JOBOBJECT_EXTENDED_LIMIT_INFORMATION` by its words, of which the fifth are the flags.
        limits = (wintypes.DWORD * (36 if sys.maxsize > 1 << 32 else 28))()
        size = ctypes.sizeof(limits)
        if not _kernel32.QueryInformationJobObject(None, _EXTENDED_LIMITS, limits, size, None):
            return None
        return bool(limits[4] & _KILL_ON_JOB_CLOSE)

    def _processes() -> List[Tuple[int, int]]:
        """The number of each process that runs, and that of its parent, who may be gone."""
        snapshot = _kernel32.CreateToolhelp32Snapshot(_TH32CS_SNAPPROCESS, 0)
        if snapshot == _INVALID_HANDLE_VALUE:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            entry = _PROCESSENTRY32W(dwSize=ctypes.sizeof(_PROCESSENTRY32W))
            processes = []
            more = _kernel32.Process32FirstW(snapshot, ctypes.byref(entry))
            while more:
                processes.append((entry.th32ProcessID, entry.th32ParentProcessID))
                more = _kernel32.Process32NextW(snapshot, ctypes.byref(entry))
            return processes
        finally:
            _kernel32.CloseHandle(snapshot)

    class _System(contextlib.ExitStack):
        """The calls of which the end of a tree consists. It holds all handles until the end."""

        def __init__(self) -> None:
            super().__init__()
            self.own = os.getpid()
            self._job = _checked(_kernel32.CreateJobObjectW(None, None))
            self.callback(_kernel32.CloseHandle, self._job)
            # One that waits for a driver takes longer to end, and is not waited for.
            self._end = time.monotonic() + 5.0

        list = staticmethod(_processes)

        def open(self, pid: int) -> Tuple[int, Optional[OSError]]:
            """A handle, and why it does not permit to terminate the process."""
            look = _SYNCHRONIZE | _PROCESS_QUERY_LIMITED_INFORMATION
            # The right to put it into a job may be missing where that to terminate it is not.
            for access in (_PROCESS_TERMINATE | _PROCESS_SET_QUOTA, _PROCESS_TERMINATE):
                try:
                    return self.enter_context(_opened(pid, look | access)), None
                except PermissionError as error:
                    refusal = error
            return self.enter_context(_opened(pid, look)), refusal

        def birth(self, process: int) -> Tuple[int, int]:
            """The number of its parent, and when it was created, in units of 100 ns."""
            times = [wintypes.FILETIME() for _ in range(4)]
            _checked(_kernel32.GetProcessTimes(process, *map(ctypes.byref, times)))
            basic = (ctypes.c_void_p * 6)()
            status = _query_process(process, 0, basic, ctypes.sizeof(basic), None)
            if status < 0:
                raise ctypes.WinError(_status_to_error(status))
            return basic[5] or 0, times[0].dwHighDateTime << 32 | times[0].dwLowDateTime

        def runs(self, process: int) -> bool:
            return not _has_exited(process)

        def put_into_job(self, process: int) -> bool:
            # A job of other processes may not take this one.
            return bool(_kernel32.AssignProcessToJobObject(self._job, process))

        def end_job(self) -> None:
            _checked(_kernel32.TerminateJobObject(self._job, 1))

        def end(self, process: int) -> None:
            if not _kernel32.TerminateProcess(process, 1):
                error = ctypes.get_last_error()
                # To terminate what has ended is refused as well.
                if not _has_exited(process):
                    raise ctypes.WinError(error)

        def wait(self, process: int) -> None:
            rest = max(0, int(1000 * (self._end - time.monotonic())))
            _kernel32.WaitForSingleObject(process, rest)
