# Processes: fork and its hooks, pipes, subprocess, signals during system calls, shared semaphores.
import os, select, signal, subprocess, sys, time

order = []
os.register_at_fork(before=lambda: order.append('before 1'), after_in_parent=lambda: order.append('parent 1'), after_in_child=lambda: order.append('child 1'))
os.register_at_fork(before=lambda: order.append('before 2'), after_in_parent=lambda: order.append('parent 2'), after_in_child=lambda: order.append('child 2'))
r, w = os.pipe()
pid = os.fork()
if pid == 0:
    os.write(w, ','.join(order).encode())
    os._exit(7)
os.close(w)
assert os.read(r, 1000) == b'before 2,before 1,child 1,child 2'
os.close(r)
assert order == ['before 2', 'before 1', 'parent 1', 'parent 2']
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7

done = subprocess.run([sys.executable, '-c', 'import sys; sys.stdout.write(sys.stdin.read().upper()); sys.exit(3)'], input='abc', capture_output=True, text=True)
assert (done.stdout, done.stderr, done.returncode) == ('ABC', '', 3)
try:
    subprocess.run(['/nonexistent/program'])
    raise AssertionError
except FileNotFoundError as e:
    assert e.filename == '/nonexistent/program'
try:
    subprocess.run([sys.executable, '-c', ''], cwd='/nonexistent')
    raise AssertionError
except FileNotFoundError as e:
    assert e.filename == '/nonexistent'
with subprocess.Popen(['sleep', '10']) as p:
    p.terminate()
    assert p.wait(5) == -signal.SIGTERM

# PEP 475: the handler runs, the call goes on.
hits = []
signal.signal(signal.SIGALRM, lambda *a: hits.append(time.monotonic()))
r, w = os.pipe()
start = time.monotonic()
signal.setitimer(signal.ITIMER_REAL, 0.05)
time.sleep(0.15)
assert len(hits) == 1 and time.monotonic() - start >= 0.15
signal.setitimer(signal.ITIMER_REAL, 0.05)
assert select.select([r], [], [], 0.15) == ([], [], []) and len(hits) == 2

class Stop(Exception):
    pass
def stop(*args):
    raise Stop
signal.signal(signal.SIGALRM, stop)
signal.setitimer(signal.ITIMER_REAL, 0.05)
try:
    os.read(r, 1)
    raise AssertionError
except Stop:
    pass
os.close(r)
os.close(w)

import _multiprocessing
lock = _multiprocessing.SemLock(1, 1, 1, f'/baton-test-{os.getpid()}', True)
assert lock.acquire() and not lock.acquire(False) and not lock.acquire(True, 0.01)
if (pid := os.fork()) == 0:
    os._exit(0 if lock.acquire(True, 5) else 1)
time.sleep(0.02)
lock.release()
assert os.waitpid(pid, 0)[1] == 0
print('ok')
