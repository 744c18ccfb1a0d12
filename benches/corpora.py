"""The projects that are measured: published packages, pinned by hash, and generated ones.

What is downloaded stays in `target/benches`. Projects are laid out in a temporary folder, away from this
repository, whose configuration and `.gitignore` are not theirs.
"""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "target" / "benches"
LIST = ROOT / "benches" / "real_code.txt"


def release():
    """Builds the command as its users get it; returns its path. COMMAND names another one to measure."""
    if command := os.environ.get("COMMAND"):
        return Path(command).resolve()
    subprocess.run(["cargo", "build", "--release", "-q"], cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return (ROOT / target / "release" / "footgun-check").resolve()


def pip(*arguments):
    """Runs pip in a virtual environment of ours; returns the folder of its programs."""
    tools = OUT / "tools"
    programs = tools / ("Scripts" if os.name == "nt" else "bin")
    if not (programs / "pip").exists() and not (programs / "pip.exe").exists():
        venv.create(tools, clear=True, with_pip=True)
    command = [programs / "pip", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return programs


def package(name, folder):
    """Unpacks the package of this name in real_code.txt into a folder."""
    lines = LIST.read_text("utf-8").splitlines()
    requirement = next(line for line in lines if line.startswith(f"{name}=="))
    version = requirement.split()[0].removeprefix(f"{name}==")
    wheels = OUT / "wheels"
    pattern = f"{name.replace('-', '_')}-{version}-*.whl"
    if not list(wheels.glob(pattern)):
        wheels.mkdir(parents=True, exist_ok=True)
        wanted = OUT / "requirement.txt"
        wanted.write_text(requirement + "\n", "utf-8")
        # What the package needs itself is not read here.
        pip(
            *["download", "-q", "--no-deps", "--only-binary", ":all:", "--ignore-requires-python"],
            *["--require-hashes", "--dest", wheels, "-r", wanted],
        )
    (wheel,) = wheels.glob(pattern)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    # A wheel leaves out what tells where its project begins.
    write(folder / "pyproject.toml", "")
    return folder


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


def sparse(folder, files=4000):
    """A big tree in which little starts a process: 5 calls in a file of each hundred."""
    filler = "".join(
        f"def step_{number}(value, scale={number}):\n"
        f'    """Part {number} of the work."""\n'
        f"    total = value * scale + {number}\n"
        f"    return [total, str(total), {{'part': {number}, 'total': total}}]\n\n\n"
        for number in range(12)
    )
    calls = "".join(
        f"def start_{number}(argument):\n"
        f"    return subprocess.run(['tool-{number}', argument], check=True)\n\n\n"
        for number in range(5)
    )
    for number in range(files):
        head = f"import os\nfrom . import settings\n\nNUMBER = {number}\n\n\n"
        rare = "import subprocess\n\n\n" + calls if number % 100 == 0 else ""
        write(folder / f"tree/part_{number // 50}/module_{number}.py", head + filler + rare)
    for part in range((files + 49) // 50):
        write(folder / f"tree/part_{part}/__init__.py", "")
        write(folder / f"tree/part_{part}/settings.py", f"PART = {part}\n")
    write(folder / "tree/__init__.py", "")
    return folder


def dense(folder, findings=400, size=0):
    """One file that starts a process without breakaway in each of its functions; filled up to a size."""
    functions = [
        f"def start_{number}(log):\n"
        f"    flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS\n"
        f"    arguments = [sys.executable, '-m', 'daemon', '{number}']\n"
        f"    return subprocess.Popen(arguments, creationflags=flags, stdout=log)\n\n\n"
        for number in range(findings)
    ]
    head = "import subprocess\nimport sys\n\n\n"
    missing = size - len(head) - sum(map(len, functions))
    filler = [
        f"def note_{number}(value):\n    return value + {number}  # nothing to see here\n\n\n"
        for number in range(max(0, missing) // 60)
    ]
    # Spread evenly between the calls.
    each = -(-len(filler) // findings) if findings else 0
    text = head
    for number, function in enumerate(functions):
        text += function + "".join(filler[number * each : (number + 1) * each])
    write(folder / "daemon.py", text)
    return folder


def ring(folder, each, packages=10):
    """Packages of `each` files; every module imports its neighbour in the next package, the last ones from
    the first."""
    for number in range(packages):
        after = (number + 1) % packages
        write(folder / f"ring/p{number}/__init__.py", f"from ring.p{after} import m0 as following\n")
        for module in range(each):
            text = (
                "import subprocess\n\n"
                f"from ring.p{after}.m{module} import FLAGS as NEXT, start as start_next\n"
                f"from ring.p{number}.m{(module + 1) % each} import name as name_next\n\n"
                "FLAGS = subprocess.CREATE_NEW_PROCESS_GROUP\n\n\n"
                "def name():\n"
                f"    return 'm{module}'\n\n\n"
                "def start(arguments):\n"
                "    return subprocess.run([name_next(), *arguments], creationflags=NEXT)\n\n\n"
                "def both(arguments):\n"
                "    return start(arguments), start_next(arguments)\n"
            )
            write(folder / f"ring/p{number}/m{module}.py", text)
    write(folder / "ring/__init__.py", "")
    return folder
