# fork() waits for an import that another thread has under way, and the child's import lock is its own.
import os
import sys
import threading
import time
import warnings

warnings.simplefilter('ignore')
import imp


def importer():
    imp.acquire_lock()
    sys.modules['half made'] = 'partial'
    started.set()
    time.sleep(0.05)
    sys.modules['half made'] = 'complete'
    imp.release_lock()


for i in range(5):
    started = threading.Event()
    t = threading.Thread(target=importer)
    t.start()
    started.wait()
    pid = os.fork()
    if pid == 0:
        good = __import__('half made') == 'complete' and not imp.lock_held()
        import sched                   # a real import works in the child
        os._exit(42 if good else 1)
    t.join()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 42

# forking while holding it: the child holds it too
imp.acquire_lock()
imp.acquire_lock()
pid = os.fork()
if pid == 0:
    imp.release_lock()
    held = imp.lock_held()
    imp.release_lock()
    os._exit(7 if held and not imp.lock_held() else 1)
imp.release_lock()
imp.release_lock()
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
assert not imp.lock_held()
print('done')
