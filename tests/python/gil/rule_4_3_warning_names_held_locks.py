# Rule 4.3: locks that other threads hold stay locked in a child. With -X dev, fork() warns and names them: variables of modules,
# attributes, local variables of the thread that holds them. Without it, and when nothing is held, it is silent.
# baton-only
# expect: 0 False []
# expect: 1 True ['__main__.plain', '__main__.shared.guard', 'mine in hold()']
# expect: 2 False []
import os
import re
import subprocess
import sys

PROGRAM = '''
import os, sys, threading, warnings
plain, free = threading.Lock(), threading.Lock()
class Shared:
    def __init__(self):
        self.guard = threading.RLock()
        self.free = threading.RLock()
shared = Shared()
def hold():
    mine = threading.Lock()
    with plain, shared.guard, mine:
        taken.set()
        done.wait()
taken, done = threading.Event(), threading.Event()
t = threading.Thread(target=hold)
t.start()
taken.wait()
if sys.argv[1] == '2':
    done.set()
    t.join()
waiting = threading.Thread(target=threading.Event().wait, args=(0.5,), daemon=True)
waiting.start()
pid = os.fork()
if pid == 0:
    os._exit(0)
os.waitpid(pid, 0)
done.set()
'''
for case, options in (('0', []), ('1', ['-X', 'dev']), ('2', ['-X', 'dev'])):
    done = subprocess.run([sys.executable, *options, '-c', PROGRAM, case], stderr=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stderr
    names = sorted(re.findall(r'(?:child: |, )([\w. ()]+?) \(held by', done.stderr))
    print(case, 'RuntimeWarning: fork() while other threads hold locks' in done.stderr, names)
