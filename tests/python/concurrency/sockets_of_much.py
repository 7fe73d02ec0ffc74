# Non-blocking stream sockets that much goes through: what recv() gives is what was sent, however much there was to read when it
# was asked, and a socket without data says so.
import os
import select
import socket
import threading
import time


def pattern(n, seed):
    return bytes((i * 7 + seed) & 255 for i in range(251)) * (n // 251 + 1)


def pump(n, ask):
    """Through a pair of non-blocking sockets, in one thread; answers the sizes that recv() gave."""
    a, b = socket.socketpair()
    a.setblocking(False)
    b.setblocking(False)
    data = pattern(n, n)[:n]
    sent, got, sizes = 0, [], []
    while sum(map(len, got)) < n:
        if sent < n:
            try:
                sent += a.send(data[sent:sent + 300000])
            except BlockingIOError:
                pass
        try:
            piece = b.recv(ask)
        except BlockingIOError:
            continue
        assert type(piece) is bytes and 0 < len(piece) <= ask
        got.append(piece)
        sizes.append(len(piece))
    assert b"".join(got) == data
    try:
        b.recv(ask)
    except BlockingIOError:
        pass
    else:
        raise AssertionError("there was nothing to read")
    # The bytes of earlier pieces are their own.
    copies = [bytes(bytearray(p)) for p in got]
    a.close()
    assert b.recv(ask) == b""
    assert copies == got
    b.close()
    return sizes


for ask in (1, 64, 8192, 8193, 16384, 20000, 100000, 262144, 1 << 20):
    sizes = pump(40 if ask == 1 else 1000000 if ask > 8000 else 3000, ask)
    assert max(sizes) <= ask

# After much, little; then much again, of which a part is asked for; and flags.
a, b = socket.socketpair()
for s in (a, b):
    s.setblocking(False)
first = pattern(50000, 1)[:50000]
assert a.send(first) == 50000
assert b.recv(1 << 18) == first
assert a.send(b"little") == 6
assert b.recv(1 << 18) == b"little"
assert a.send(first) == 50000
assert b.recv(1 << 18, socket.MSG_PEEK) == first
assert b.recv(20000) == first[:20000]
assert b.recv(20000) == first[20000:40000]
assert b.recv(20000) == first[40000:]
assert a.send(first) == 50000
assert b.recv(50000) == first
with a, b:
    pass
for call in (lambda: b.recv(10), lambda: a.send(b"x")):
    try:
        call()
    except OSError as e:
        assert e.errno == 9, e
    else:
        raise AssertionError("a closed socket")

# A peer that is gone is an error at once.
a, b = socket.socketpair()
a.setblocking(False)
b.close()
try:
    a.send(b"x")
except BrokenPipeError:
    pass
else:
    raise AssertionError("nobody to send to")
a.close()

# The descriptor's mode, changed behind the socket's back: recv() waits.
a, b = socket.socketpair()
b.setblocking(False)
os.set_blocking(b.fileno(), True)
pid = os.fork()
if pid == 0:
    time.sleep(0.1)
    a.send(b"late")
    os._exit(0)
assert b.recv(100) == b"late"
os.waitpid(pid, 0)
assert a.send(first) == 50000 and b.recv(1 << 18) == first
a.close()
b.close()

# epoll without waiting, with one thread and with two.
a, b = socket.socketpair()
a.setblocking(False)
b.setblocking(False)
poller = select.epoll()
poller.register(b.fileno(), select.EPOLLIN)


def polls():
    assert poller.poll(0) == []
    a.send(b"x")
    assert poller.poll(0) == [(b.fileno(), select.EPOLLIN)]
    assert b.recv(10) == b"x"
    assert poller.poll(0) == []
    poller.modify(b.fileno(), 0)
    poller.modify(b.fileno(), select.EPOLLIN)


polls()
stop = threading.Event()
waiter = threading.Thread(target=stop.wait)
waiter.start()
polls()
sizes = pump(200000, 1 << 18)
stop.set()
waiter.join()
polls()

# Two threads read from one stream: nothing is lost, nothing is seen twice.
c, d = socket.socketpair()
d.settimeout(None)
counts = [0, 0]


def reader(i):
    while piece := d.recv(1 << 18):
        assert set(piece) == {7}
        counts[i] += len(piece)


threads = [threading.Thread(target=reader, args=(i,)) for i in range(2)]
for t in threads:
    t.start()
total = 0
for size in (100000, 5, 70000, 30000, 200000, 1) * 5:
    c.sendall(b"\7" * size)
    total += size
c.shutdown(socket.SHUT_WR)
for t in threads:
    t.join()
assert sum(counts) == total, (counts, total)
c.close()
d.close()
a.close()
b.close()
poller.close()
print("ok")
