# Rule 4.1: of what is registered while the callbacks before a fork run, those after it aren't called without their `before`: a lock
# that was never taken for this fork isn't released. (CPython calls them.)
# baton-only
import os
import threading

lock = threading.Lock()
calls = []


def note(name):
    return lambda: calls.append(name)


def registers():
    if not calls:
        lock.acquire()  # as a thread that holds it while another one forks
        os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock._at_fork_reinit)
        os.register_at_fork(after_in_parent=note('late parent'), after_in_child=note('late child'))
    calls.append('before')


os.register_at_fork(before=registers, after_in_parent=note('parent'), after_in_child=note('child'))


def fork():
    pid = os.fork()
    if pid == 0:
        print(calls, lock.locked(), flush=True)
        os._exit(0)
    os.waitpid(pid, 0)
    print(calls, lock.locked(), flush=True)


fork()
# expect: ['before', 'child', 'late child'] True
# expect: ['before', 'parent', 'late parent'] True
lock.release()
fork()
# expect: ['before', 'parent', 'late parent', 'before', 'child', 'late child'] False
# expect: ['before', 'parent', 'late parent', 'before', 'parent', 'late parent'] False
