# Ctrl-C in a pipeline: whoever reads finds the signal and the end of its input at once, and must not go on as after a regular end.
import signal
import subprocess
import sys

PROGRAM = """
import sys
try:
    print("begins", flush=True)
    READ
    print("regular end")
except KeyboardInterrupt:
    print("interrupted")
except EOFError:
    print("end of input")
"""

for read in ("input()", "sys.stdin.readline()", "for line in sys.stdin: pass", "sys.stdin.read(5)"):
    for stopped in (True, False) * 3:
        child = subprocess.Popen([sys.executable, "-c", PROGRAM.replace("READ", read)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 text=True, bufsize=1)
        assert child.stdout.readline() == "begins\n"
        if stopped:  # it finds both when it goes on
            child.send_signal(signal.SIGSTOP)
        child.send_signal(signal.SIGINT)
        child.stdin.close()
        if stopped:
            child.send_signal(signal.SIGCONT)
        print(read, child.stdout.read().strip(), child.wait())
        child.stdout.close()
