# Rule 8.3: spawn runs the main module as __mp_main__; without a guard the child stops with a clear error; exit codes.
# timeout: 120
import os
import subprocess
import sys
import tempfile

GUARDED = '''
import multiprocessing, os, signal, sys
print("module runs as", __name__, flush=True)
def ok(q): q.put((__name__, multiprocessing.parent_process() is not None, multiprocessing.current_process().name))
def fail(): raise ValueError("in the child")
def leave(): sys.exit(9)
def killed(): os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    q = multiprocessing.Queue()
    p = multiprocessing.Process(target=ok, args=(q,))
    p.start(); print(q.get()); p.join()
    codes = [p.exitcode]
    for f in (fail, leave, killed):
        p = multiprocessing.Process(target=f); p.start(); p.join(); codes.append(p.exitcode)
    print(codes)
'''
UNGUARDED = '''
import multiprocessing
p = multiprocessing.get_context("spawn").Process(target=print, args=("child",))
p.start()
p.join()
print("exit code", p.exitcode)
'''


def run(source):
    with tempfile.TemporaryDirectory() as top:
        path = os.path.join(top, 'prog.py')
        with open(path, 'w') as f:
            f.write(source)
        p = subprocess.run([sys.executable, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=50)
        return p.returncode, p.stdout.decode(), p.stderr.decode()


status, out, err = run(GUARDED)
print(status, out, err.splitlines()[-1])
status, out, err = run(UNGUARDED)
print(status, out, 'RuntimeError' in err and "if __name__ == '__main__'" in err)
