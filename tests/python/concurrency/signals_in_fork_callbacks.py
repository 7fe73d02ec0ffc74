# baton-only
# A signal that arrives while a callback of os.register_at_fork runs isn't lost with what its handler raises there: it is handled
# when the callbacks have run to their ends, and there is no fork if its handler raises.
import os, signal, subprocess, sys, time

ran = []
signal.signal(signal.SIGALRM, signal.default_int_handler)


def before():
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    end = time.monotonic() + 0.05
    while time.monotonic() < end: ran[:] = ["before"]


os.register_at_fork(before=before, after_in_parent=lambda: ran.append("parent"), after_in_child=lambda: ran.append("child"))
try:
    pid = os.fork()
    if pid == 0: os._exit(7 if ran == ["before", "child"] else 8)
    for i in range(1000): pass
    print("not raised")
except KeyboardInterrupt:
    print("raised", ran)  # expect: raised ['before', 'parent']
try:
    os.wait()
except ChildProcessError:
    print("no child")  # expect: no child
ran.clear()
try:
    subprocess.run([sys.executable, "-c", "pass"], preexec_fn=lambda: None)
    print("not raised")
except KeyboardInterrupt:
    print("raised", ran)  # expect: raised ['before', 'parent']
ran.clear()
signal.signal(signal.SIGALRM, lambda *args: ran.append("handled"))
pid = os.fork()
if pid == 0: os._exit(7 if ran == ["before", "child"] else 8)
print(os.waitstatus_to_exitcode(os.wait()[1]))  # expect: 7
signal.setitimer(signal.ITIMER_REAL, 0)
print("handled" in ran)  # expect: True
