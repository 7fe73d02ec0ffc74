# input() at the end of input: an EOFError that says so, but on a terminal.
import os
import pty
import subprocess
import sys

PROGRAM = """
import sys
if sys.argv[1:]:
    import readline
try:
    input("> ")
except EOFError as e:
    print(repr(e))
"""

for arguments in [], ["readline"]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    print(subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout)
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "dumb"
        os.execv(command[0], command)
    shown = b""
    while b"> " not in shown:
        shown += os.read(terminal, 1000)
    os.write(terminal, b"\x04")
    while b")" not in shown:
        shown += os.read(terminal, 1000)
    os.waitpid(pid, 0)
    print(shown[shown.index(b"EOF"):shown.index(b")") + 1])
