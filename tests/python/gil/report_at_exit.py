# -X gil_report: a report at the end, over all processes of a program, as text or JSON, with a sentence that says what limits it.
# baton-only
# modes: gil=1,gil=0,stress,stress gil=0
# alone
# timeout: 200
import json
import os
import subprocess
import sys
from _tools import GIL


def run(source, *options, args=()):
    flags = ['-X', 'gil=%d' % GIL]
    with open('program.py', 'w') as f:
        f.write(source)
    p = subprocess.run([sys.executable, *flags, *options, 'program.py', *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=60)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def report(source, expected_status=0):
    status, out, err = run(source, '-X', 'gil_report=report.json')
    assert status == expected_status and err == '', (status, out, err)
    with open('report.json') as f:
        return json.load(f)


SPIN = '''
import threading, time, os, sys
def spin(seconds):
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        for _ in range(100): pass
'''

# Text on standard error, after the program's own.
status, out, err = run(SPIN + 'spin(0.1)\nprint("out")\nprint("err", file=sys.stderr)\nsys.exit(3)', '-X', 'gil_report')
lines = err.splitlines()
assert status == 3 and out == 'out\n' and lines[0] == 'err' and lines[1] == 'GIL report', err
assert 'program.py' in lines[2] and any(line.startswith('  MainThread ') for line in lines), err
assert lines[-1].endswith('.'), err

# The sentence.
alone = report(SPIN + 'spin(0.4)')
assert ('Python code on one processor' if GIL else 'The processors limit') in alone['verdict'], alone['verdict']
assert len(alone['processes']) == 1 and alone['missing_processes'] == 0
many = report(SPIN + '''
ts = [threading.Thread(target=spin, args=(0.5,)) for _ in range(3)]
for t in ts: t.start()
for t in ts: t.join()
''')
assert ('The GIL limits' if GIL else 'processors limit') in many['verdict'] or not GIL, many['verdict']
io = report(SPIN + '''
r, w = os.pipe()
threading.Timer(0.5, os.write, (w, b"x")).start()
os.read(r, 1)
''')
assert 'Input and output' in io['verdict'], io['verdict']
locks = report(SPIN + '''
lock = threading.Lock()
def work():
    for _ in range(5):
        with lock: os.read(os.open("/dev/zero", 0), 1), time.sleep(0.03)
ts = [threading.Thread(target=work) for _ in range(5)]
for t in ts: t.start()
for t in ts: t.join()
''')
assert 'Waiting for each other' in locks['verdict'], locks['verdict']
assert 'mostly sleeps' in report('import time\ntime.sleep(0.3)')['verdict']
native = report('import zlib, os\nd = os.urandom(2000000)\nfor _ in range(6): zlib.compress(d, 6)')
assert 'Native code' in native['verdict'], native['verdict']

# A thread that keeps others waiting is named, with the place.
if GIL:
    kept = report(SPIN + '''
import re
t = threading.Thread(target=spin, args=(1.2,), name="patient")
t.start()
def matching():
    re.match("(a|a)*b", "a" * 22)
for _ in range(3): matching()
t.join()
''')
    main = next(t for t in kept['processes'][0]['threads'] if t['name'] == 'MainThread')
    assert main['longest_kept'] > 0.02 and 'matching' in main['kept_at'] or 're/' in main['kept_at'], main

# All processes of a program: forked and spawned ones, and those that multiprocessing ends by os._exit.
SOURCE = SPIN + '''
import multiprocessing, subprocess
def work(n): spin(0.2)
if __name__ == "__main__":
    for method in ("fork", "spawn"):
        c = multiprocessing.get_context(method)
        ps = [c.Process(target=work, args=(1,)) for _ in range(2)]
        for p in ps: p.start()
        for p in ps: p.join()
    subprocess.run([sys.executable, "-c", "import time; time.sleep(0.1)"])
    pid = os.fork()
    if pid == 0: os._exit(0)
    os.waitpid(pid, 0)
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0: os.write(w, b"x"), time.sleep(100)
    os.read(r, 1)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
'''
whole = report(SOURCE)
processes = whole['processes']
assert len(processes) >= 7 and whole['missing_processes'] == 1, (len(processes), whole['missing_processes'])
assert processes[0]['label'] == 'program.py' and any(p['label'] == '-c' for p in processes)
assert sum(any(t['running'] > 0.15 for t in p['threads']) for p in processes) >= 4, processes
assert len({p['pid'] for p in processes}) == len(processes)
assert not [n for n in os.listdir(os.environ.get('TMPDIR', '/tmp')) if n.startswith('baton-gil-')]

# What SIGTERM and SIGHUP end tells, too, be it a pool's workers or the first process; nobody sees that they are handled.
POOL = SPIN + """
import multiprocessing, signal
def work(n):
    spin(0.2)
    return signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
def wait(connection):
    connection.send("up")
    time.sleep(100)
if __name__ == "__main__":
    for method in ("fork", "spawn"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            assert pool.map(work, range(2), 1) == [True, True]
            workers = list(pool._pool)
        assert all(w.exitcode in (0, -signal.SIGTERM) for w in workers), workers
        here, there = multiprocessing.Pipe()
        waiting = multiprocessing.get_context(method).Process(target=wait, args=(there,))
        waiting.start()
        here.recv()
        waiting.terminate()
        waiting.join()
        assert waiting.exitcode == -signal.SIGTERM, waiting
    for how in (signal.SIG_DFL, lambda *a: None, signal.SIG_IGN, signal.SIG_DFL):
        signal.signal(signal.SIGHUP, how)
        pid = os.fork()
        if pid == 0:
            os.kill(os.getpid(), signal.SIGHUP)
            time.sleep(0.001)
            os._exit(3)
        status = os.waitpid(pid, 0)[1]
        assert os.waitstatus_to_exitcode(status) == (-signal.SIGHUP if how is signal.SIG_DFL else 3), (how, status)
"""
whole = report(POOL)
assert len(whole['processes']) == 12 and whole['missing_processes'] == 0, (len(whole['processes']), whole['missing_processes'])
assert sum(any(t['running'] > 0.15 for t in p['threads']) for p in whole['processes']) >= 4, whole['processes']

ended = report(SPIN + """
import signal
def work():
    spin(100)
threading.Thread(target=work, daemon=True).start()
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
time.sleep(100)
""", expected_status=-15)
assert ended['processes'][0]['threads'], ended

# A file that can't be written is said.
status, out, err = run('pass', '-X', 'gil_report=/nowhere/report.json')
assert status == 0 and "can't write /nowhere/report.json" in err, err
