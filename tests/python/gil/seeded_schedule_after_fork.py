# With -X gil_policy=seeded a forked child runs on: who was to come next in the parent is not there any more.
# baton-only
# modes: gil=1
import subprocess
import sys

PROGRAM = '''
import os, threading
stop = False
def work():
    while not stop:
        sum([1, 2, 3])
threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads: t.start()
for _ in range(30):
    pid = os.fork()
    if pid == 0:
        for i in range(2000):
            len([i])
        mine = [threading.Thread(target=lambda: [len([i]) for i in range(500)]) for _ in range(2)]
        for t in mine: t.start()
        for t in mine: t.join()
        os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3
stop = True
for t in threads: t.join()
print('done')
'''
for seed in range(4):
    p = subprocess.run([sys.executable, '-X', 'gil_policy=seeded', '-X', 'gil_seed=%d' % seed, '-c', PROGRAM],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=50)
    assert (p.returncode, p.stdout) == (0, b'done\n'), (seed, p)
