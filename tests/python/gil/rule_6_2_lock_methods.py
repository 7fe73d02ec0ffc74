# Rule 6.2: the methods of Lock and RLock.
import _thread

lock, rlock = _thread.allocate_lock(), _thread.RLock()
lock_names = 'acquire acquire_lock release release_lock locked locked_lock _at_fork_reinit __enter__ __exit__'.split()
rlock_names = 'acquire release _acquire_restore _release_save _is_owned _recursion_count _at_fork_reinit __enter__ __exit__'
print([n for n in lock_names if not callable(getattr(lock, n, None))])
print([n for n in rlock_names.split() if n != '_recursion_count' and not callable(getattr(rlock, n, None))])
assert lock.acquire() and lock.locked() and not lock.acquire(False) and not lock.acquire(timeout=0.01)
assert lock.acquire_lock(False) is False and lock.locked_lock()
lock._at_fork_reinit()
assert not lock.locked()
with lock as entered:
    assert entered is True and lock.locked()
assert not lock.locked()
assert rlock.acquire() and rlock.acquire(blocking=False) and rlock.acquire(timeout=1)
state = rlock._release_save()
print(state[0], state[1] == _thread.get_ident(), rlock._is_owned())
rlock._acquire_restore(state)
for _ in range(3):
    assert rlock._is_owned()
    rlock.release()
assert not rlock._is_owned()
rlock.acquire()
rlock._at_fork_reinit()
print(rlock._is_owned(), repr(rlock).split(' at ')[0])
