# exit() that is called in C ends the process with its status: what C has buffered is written, functions registered in C run, Python's don't.
import subprocess
import sys

HEAD = '''
import atexit, ctypes, os, sys, threading
libc = ctypes.CDLL(None)
atexit.register(print, 'atexit of Python')
'''
PROGRAMS = {
    'alone': 'libc.exit(3)',
    'buffered': 'libc.puts(b"by puts"); libc.exit(0)',
    'with a thread that waits': 'threading.Thread(target=threading.Event().wait).start(); libc.exit(4)',
    'with a thread that computes': '''
def run():
    while True: sum(range(100))
threading.Thread(target=run, daemon=True).start()
libc.exit(5)''',
    'in a thread': 'threading.Thread(target=libc.exit, args=(6,)).start(); threading.Event().wait()',
    'in a child': '''
pid = os.fork()
if not pid: libc.exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
libc.exit(8)''',
    'registered': '''
@ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_void_p)
def last(status, argument): os.write(1, b"left with %d\\n" % status)
libc.on_exit(last, None)
libc.exit(9)''',
}

for name, text in PROGRAMS.items():
    ended = subprocess.run([sys.executable, '-c', HEAD + text], capture_output=True, text=True, timeout=50)
    print(name, ended.returncode, repr(ended.stdout), repr(ended.stderr))
