# Two that take turns by pipes, sockets and semaphores: no turn is lost, descriptors that never wait answer at once, signals are
# handled while waiting. Who waits after it has written may look on before it sleeps.
import errno
import os
import select
import signal
import socket
import threading
import time

N = 3000


def echo_by(read, write):
    for _ in range(N):
        write(read())


def turns(here, there):
    """Each is a pair of functions, of the two ends."""
    thread = threading.Thread(target=echo_by, args=there)
    thread.start()
    read, write = here
    for i in range(N):
        message = b'%d' % i
        write(message)
        assert read() == message
        if i % 500 == 499:
            time.sleep(0.001)  # the other one sleeps meanwhile
    thread.join()


def reader(fd):
    return lambda: os.read(fd, 100)


def writer(fd):
    return lambda data: os.write(fd, data)


r1, w1 = os.pipe()
r2, w2 = os.pipe()
turns((reader(r2), writer(w1)), (reader(r1), writer(w2)))

raw = open(r2, 'rb', buffering=0, closefd=False), open(w1, 'wb', buffering=0, closefd=False)
turns((lambda: raw[0].read(100), raw[1].write), (reader(r1), writer(w2)))

for timeout in None, 20:
    a, b = socket.socketpair()
    a.settimeout(timeout)
    turns((lambda: a.recv(100), a.sendall), (lambda: b.recv(100), b.sendall))
    turns((lambda: a.recvfrom(100)[0], a.sendall), (lambda: b.recv(100), b.sendall))
    poll, epoll = select.poll(), select.epoll()
    poll.register(a, select.POLLIN)
    epoll.register(a, select.EPOLLIN)

    def ready(events):
        assert events == [(a.fileno(), select.POLLIN)], events
        return a.recv(100)
    turns((lambda: ready(poll.poll()), a.sendall), (lambda: b.recv(100), b.sendall))
    turns((lambda: ready(epoll.poll()), a.sendall), (lambda: b.recv(100), b.sendall))
    a.close()
    b.close()

# Another process.
pid = os.fork()
if pid == 0:
    echo_by(reader(r1), writer(w2))
    os._exit(0)
for i in range(N):
    os.write(w1, b'%d' % i)
    assert os.read(r2, 100) == b'%d' % i
assert os.waitpid(pid, 0) == (pid, 0)

# What never waits doesn't begin to.
os.set_blocking(r2, False)
for _ in range(20):
    os.write(w1, b'x')
    try:
        os.read(r2, 10)
    except BlockingIOError as e:
        assert e.errno == errno.EAGAIN
    else:
        raise AssertionError('there was nothing to read')
    assert raw[0].read(10) is None
os.set_blocking(r2, True)
assert os.read(r1, 100) == b'x' * 20
a, b = socket.socketpair()
a.setblocking(False)
for _ in range(20):
    a.send(b'x')
    try:
        a.recv(1)
    except BlockingIOError:
        continue
    raise AssertionError('there was nothing to read')
a.settimeout(0.01)
began = time.monotonic()
a.send(b'x')
try:
    a.recv(1)
except TimeoutError as e:
    assert str(e) == 'timed out'
assert time.monotonic() - began >= 0.009

# A handler runs while its thread waits for its turn, and may end the wait.
calls = []
signal.signal(signal.SIGALRM, lambda *_: calls.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.02)
timer = threading.Timer(0.1, os.write, (w2, b'late'))
timer.start()
os.write(w1, b'y')
assert os.read(r2, 10) == b'late' and calls == [1]
timer.join()


def stop(*_):
    raise InterruptedError('enough')


signal.signal(signal.SIGALRM, stop)
signal.setitimer(signal.ITIMER_REAL, 0.02)
os.write(w1, b'y')
try:
    os.read(r2, 10)
except InterruptedError as e:
    assert str(e) == 'enough'
else:
    raise AssertionError('the handler raised')

# The end of the other side is seen, a directory can't be read, a closed descriptor neither.
os.write(w1, b'z')
directory = os.open('/', os.O_RDONLY)
os.close(w2)
assert os.read(r2, 10) == b''
for fd, number in (directory, errno.EISDIR), (w2, errno.EBADF):
    os.write(w1, b'z')
    try:
        os.read(fd, 10)
    except OSError as e:
        assert e.errno == number, e
    else:
        raise AssertionError(fd)
print('ok')
