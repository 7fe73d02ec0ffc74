# Rule 4.6: a child of a plain os.fork() that outlives its parent doesn't keep the parent from ending, although the resource tracker's
# pipe was open at the fork.
import os
import signal
import subprocess
import sys
import time

PROGRAM = '''
import os, time
from multiprocessing import resource_tracker, shared_memory
m = shared_memory.SharedMemory(create=True, size=16)
pid = os.fork()
if pid == 0:
    os.close(0), os.close(1), os.close(2)
    time.sleep(30)
    os._exit(0)
print(pid, flush=True)
m.close()
m.unlink()
'''
began = time.monotonic()
p = subprocess.Popen([sys.executable, '-c', PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
child = int(p.stdout.readline())
try:
    p.wait(20)
    print('ended', p.returncode)
except subprocess.TimeoutExpired:
    print('hangs')
    p.kill()
os.kill(child, signal.SIGKILL)
print(p.stderr.read())
