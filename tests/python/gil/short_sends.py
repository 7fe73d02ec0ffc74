# Sends of few bytes beside a computing thread, which keep the GIL where they needn't wait: all bytes arrive, whoever waits lets go
# of it, and errors are as ever.
# timeout: 120
import errno
import os
import socket
import struct
import threading
import time

stop = False
steps = 0


def compute():
    global steps
    x = 1
    while not stop:
        for i in range(200):
            x = (x * 31 + i) & 0xFFFFFF
        steps += 1


hog = threading.Thread(target=compute)
hog.start()
while not steps:
    time.sleep(0.001)


def beside(name, function):
    """Prints what function gives, or the error that it raises."""
    try:
        print(name, function())
    except OSError as error:
        print(name, type(error).__name__, errno.errorcode.get(error.errno, error.errno))


def reader(sock, size, out):
    got = 0
    while got < size:
        data = sock.recv(1 << 16)
        if not data:
            break
        got += len(data)
        time.sleep(0.0005)
    out.append(got)


for name, send in (("send", lambda s, b: s.send(b)), ("sendall", lambda s, b: s.sendall(b) or len(b))):
    a, b = socket.socketpair()
    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    out = []
    total = 100 * 3000
    peer = threading.Thread(target=reader, args=(b, total, out))
    peer.start()
    whole = sum(send(a, bytes([i & 255]) * 3000) == 3000 for i in range(100))
    peer.join()
    print(name, whole, out == [total])
    a.close()
    b.close()

# A full buffer: the sender waits without the GIL.
a, b = socket.socketpair()
a.setblocking(False)
try:
    while True:
        a.send(b"x" * 4096)
except BlockingIOError:
    pass
beside("full", lambda: a.send(b"x" * 4096))
a.settimeout(0.05)
before = steps
beside("full with a timeout", lambda: a.send(b"x" * 4096))
a.setblocking(True)
beside("full, not waiting", lambda: a.send(b"x" * 4096, socket.MSG_DONTWAIT))
threading.Timer(0.05, b.close).start()
try:
    a.send(b"x" * 4096)
except (BrokenPipeError, ConnectionResetError):
    print("full until the peer goes")
print("the computing thread went on:", steps > before + 10)
a.close()
beside("closed", lambda: a.send(b"x"))

# A part is sent, and then the peer goes, or the time is over that the kernel was told to wait: the part counts.
def part_sent():
    a, b = socket.socketpair()
    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    a.send(b"x" * 500)
    return a, b


a, b = part_sent()
threading.Timer(0.05, b.close).start()
beside("part of it", lambda: 0 < a.send(b"x" * 4096) < 4096)
beside("the next", lambda: a.send(b"x"))
a.close()
a, b = part_sent()
a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 50000))
beside("in time", lambda: 0 < a.send(b"x" * 4096) < 4096)
beside("no room in time", lambda: a.send(b"x" * 4096))
a.close()
b.close()
a, b = part_sent()
reading = []
peer = threading.Timer(0.05, reader, (b, 4596, reading))
peer.start()
beside("all of it", lambda: a.send(b"x" * 4096))
peer.join()
print(reading)
a.close()
b.close()

a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
for i in range(300):
    a.send(b"%d" % i)
    assert b.recv(64) == b"%d" % i
b.close()
beside("datagram to nobody", lambda: a.send(b"x"))
a.close()

u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
v = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
v.bind(("127.0.0.1", 0))
for i in range(150):
    u.sendto(b"%d" % i, v.getsockname())
    assert v.recvfrom(64)[0] == b"%d" % i
beside("too long", lambda: u.sendto(b"x" * 70000, v.getsockname()))
u.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 0)
beside("not permitted", lambda: u.sendto(b"x", ("255.255.255.255", 9)))
u.close()
v.close()

# Round trips: by a thread, and by a process that runs beside both; several sends to an answer; an answer that is an error.
def answer(sock):
    while (data := sock.recv(64)) != b"end":
        if data.endswith(b"!"):
            sock.send(data.upper())


a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
c, d = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
pid = os.fork()
if pid == 0:
    answer(d)
    os._exit(0)
peer = threading.Thread(target=answer, args=(b,))
peer.start()
for sock in (a, c):
    for i in range(200):
        for j in range(i % 3):
            sock.send(b"more")
        sock.send(b"data %d!" % i)
        assert sock.recv(64) == b"DATA %d!" % i
    sock.settimeout(0.01)
    for i in range(3):
        sock.send(b"no answer")
        beside("no answer", lambda: sock.recv(64))
    sock.send(b"end")
peer.join()
print(os.waitpid(pid, 0)[1])

u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
v = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
v.bind(("127.0.0.1", 0))
u.connect(v.getsockname())
v.close()
u.settimeout(5)
refused = 0
for i in range(200):
    try:
        u.send(b"x")
        u.recv(64)
    except ConnectionRefusedError:
        refused += 1
print(refused)
u.close()
stop = True
hog.join()
