# Rules 6.1-6.3: the names of _thread, the methods of its locks, TIMEOUT_MAX, and the errors.
import _thread
import threading

owed = '''LockType RLock TIMEOUT_MAX _ExceptHookArgs _count _excepthook _local _set_sentinel allocate allocate_lock error exit
    exit_thread get_ident get_native_id interrupt_main stack_size start_new start_new_thread'''.split()
print([n for n in owed if not hasattr(_thread, n)])
lock, rlock = _thread.allocate_lock(), _thread.RLock()
lock_names = 'acquire acquire_lock release release_lock locked locked_lock _at_fork_reinit __enter__ __exit__'
rlock_names = 'acquire release _acquire_restore _release_save _is_owned _at_fork_reinit __enter__ __exit__'
print([n for n in lock_names.split() if not hasattr(lock, n)], [n for n in rlock_names.split() if not hasattr(rlock, n)])
print(_thread.TIMEOUT_MAX, threading.TIMEOUT_MAX, _thread.error is RuntimeError, type(lock) is _thread.LockType, lock.locked())


def errors(*calls):
    for call in calls:
        try:
            print('no error', call())
        except Exception as e:
            print(type(e).__name__, e)


errors(lock.release, rlock.release, lambda: lock.acquire(False, 1), lambda: lock.acquire(True, -2),
        lambda: lock.acquire(timeout=1e20),
       lambda: lock.acquire(timeout=float('nan')), lambda: rlock.acquire(False, 1), lambda: rlock.acquire(timeout=-5),
       lambda: lock.acquire('a', 'b'),
       lambda: lock.acquire(nope=1), lambda: _thread.start_new_thread(), lambda: _thread.start_new_thread(5, ()),
       lambda: _thread.start_new_thread(len, 5),
       lambda: _thread.start_new_thread(len, (), 5), lambda: _thread.stack_size(1000), lambda: _thread.stack_size(-1),
       lambda: _thread.LockType(),
       lambda: threading.Semaphore(-1), lambda: threading.BoundedSemaphore(1).release(), lambda: threading.Condition().notify(),
       lambda: threading.Condition().wait(), lambda: lock + 1)
assert lock.acquire() and lock.locked() and not lock.acquire(False) and not lock.acquire(timeout=0.01)
assert lock.acquire_lock(False) is False and lock.locked_lock()
lock.release_lock()
assert rlock.acquire() and rlock.acquire() and 'count=2' in repr(rlock) and rlock._is_owned()
state = rlock._release_save()
assert not rlock._is_owned() and 'count=0' in repr(rlock)
rlock._acquire_restore(state)
assert 'count=2' in repr(rlock)
print(repr(lock).split(' object')[0], repr(rlock).split(' owner')[0], 'count=2' in repr(rlock))
rlock.release(), rlock.release()
with lock as entered:
    print(entered)
    assert lock.locked()
errors(lambda: lock.__exit__(None, None, None))
old = _thread.stack_size(1 << 20)
print(old, _thread.stack_size(0), _thread.stack_size())
print(_thread.get_ident() == threading.get_ident(), _thread.get_native_id() > 0, _thread._count())
