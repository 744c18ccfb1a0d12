"""A program that adds a byte to a file twenty times a second for two minutes at most.

The number of its process stands in a file beside that one, with the ending `.pid`. Further
arguments are files for further generations: the program starts itself for them first.
"""

import os
import pathlib
import subprocess
import sys
import time

if len(sys.argv) > 2:
    subprocess.Popen([sys.executable, __file__, *sys.argv[2:]])
pathlib.Path(sys.argv[1] + ".pid").write_text(str(os.getpid()), encoding="ascii")
for _ in range(2400):
    with open(sys.argv[1], "ab") as file:
        file.write(b".")
    time.sleep(0.05)
