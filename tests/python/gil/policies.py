# -X gil_policy chooses the policy; every policy keeps programs right; a wrong value is refused at start.
# baton-only
# modes: gil=1
import subprocess
import sys

PROGRAM = '''
import threading, time
total = [0]
lock = threading.Lock()
def work():
    for _ in range(2000):
        with lock:
            total[0] += 1
    time.sleep(0.001)
threads = [threading.Thread(target=work) for _ in range(6)]
for t in threads: t.start()
for t in threads: t.join()
print(total[0])
'''
for policy in ('fair', 'cpython', 'fifo'):
    p = subprocess.run([sys.executable, "-X", "gil_policy=" + policy, "-c", PROGRAM],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=40)
    assert (p.returncode, p.stdout) == (0, b'12000\n'), (policy, p)
for option in ('gil_policy=nonsense', 'gil=2'):
    p = subprocess.run([sys.executable, '-X', option, '-c', 'pass'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=40)
    assert p.returncode != 0 and option.split('=')[0].encode() in p.stderr, (option, p)
