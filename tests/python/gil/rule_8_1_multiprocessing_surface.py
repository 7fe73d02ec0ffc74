# Rule 8.1: the native parts under multiprocessing: SemLock and its methods, shared memory, fork_exec, passing of descriptors.
import _multiprocessing
import _posixshmem
import _posixsubprocess
import os
import socket

owed = 'acquire release handle kind maxvalue name _count _get_value _is_mine _is_zero _rebuild _after_fork SEM_VALUE_MAX'.split()
print([n for n in owed if not hasattr(_multiprocessing.SemLock, n)], hasattr(_multiprocessing, 'sem_unlink'),
        sorted(_multiprocessing.flags))
print([n for n in dir(_posixsubprocess) if not n.startswith('_')], sorted(n for n in dir(_posixshmem) if not n.startswith('_')))
RECURSIVE, SEMAPHORE = 0, 1
name = '/baton-test-%d' % os.getpid()
sem = _multiprocessing.SemLock(SEMAPHORE, 2, 3, name, True)
print(sem.kind, sem.maxvalue, sem._get_value(), sem._count(), sem._is_mine(), sem._is_zero())
assert sem.acquire() and sem.acquire(True, 1) and not sem.acquire(False) and not sem.acquire(True, 0.01) and sem._is_zero()
sem.release(), sem.release(), sem.release()
try:
    sem.release()
except ValueError as e:
    print(e)
lock = _multiprocessing.SemLock(RECURSIVE, 1, 1, name + 'r', True)
assert lock.acquire() and lock.acquire() and lock._count() == 2 and lock._is_mine()
lock.release(), lock.release()
try:
    lock.release()
except AssertionError as e:
    print(e)
try:
    _multiprocessing.SemLock(5, 1, 1, name, True)
except ValueError as e:
    print(e)
try:
    _multiprocessing.sem_unlink(name)
except FileNotFoundError as e:
    print(type(e).__name__)

from multiprocessing import shared_memory
shm = shared_memory.SharedMemory(create=True, size=100)
other = shared_memory.SharedMemory(shm.name)
shm.buf[:5] = b'hello'
print(bytes(other.buf[:5]), shm.size >= 100)
other.close()
shm.close()
shm.unlink()
try:
    shared_memory.SharedMemory('nope-%d' % os.getpid())
except FileNotFoundError as e:
    print(type(e).__name__)

a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
r, w = os.pipe()
socket.send_fds(a, [b'data'], [w])
data, fds, flags, addr = socket.recv_fds(b, 100, 4)
os.write(fds[0], b'through')
print(data, len(fds), os.read(r, 10))
