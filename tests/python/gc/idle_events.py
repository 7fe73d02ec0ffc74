# A program that has dropped its end of a pipe or a socket, and waits for what comes of it at the other end, doesn't hang: for a
# child to end, for data, for a descriptor, or by sleeping again and again.
# timeout: 240
import multiprocessing
import os
import select
import selectors
import signal
import socket
import subprocess
import time

WAIT = 60


def read_to_end(r, w):
    w.close()
    try:
        r.recv()
    except EOFError:
        pass


def child_of_dropped_pipe():
    r, w = context.Pipe(duplex=False)
    child = context.Process(target=read_to_end, args=(r, w))
    child.start()
    r.close()
    return child


def cat():
    child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    child.stdin = None
    return child


class Descriptor:
    def __init__(self, fd):
        self.fd = fd

    def __del__(self):
        os.close(self.fd)


def pipe():
    r, w = os.pipe()
    Descriptor(w)
    return r


def one_of_two_sockets():
    a, b = socket.socketpair()
    return b


def forgotten_client():
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        return server.accept()[0]


context = multiprocessing.get_context("fork")
for wait in (lambda p: p.join(), lambda p: p.join(WAIT)):
    p = child_of_dropped_pipe()
    wait(p)
    print("process", p.exitcode)

print("wait", cat().wait())
print("wait with a time-out, which sleeps", cat().wait(WAIT))
p = cat()
pid, status, usage = os.wait4(p.pid, 0)
print("wait4", pid == p.pid, status)
p.returncode = 0

print("recv", one_of_two_sockets().recv(10))
print("recv of a connection", forgotten_client().recv(10))
fd = pipe()
print("read", os.read(fd, 10))
os.close(fd)
fd = pipe()
with open(fd, "rb") as f:
    print("file", f.read())

b = one_of_two_sockets()
print("select", select.select([b], [], [], WAIT)[0] == [b])
for Selector in (selectors.PollSelector, selectors.EpollSelector):
    for timeout in (None, WAIT):
        b = one_of_two_sockets()
        with Selector() as s:
            s.register(b, selectors.EVENT_READ)
            print(Selector.__name__, len(s.select(timeout)))

b = one_of_two_sockets()
b.setblocking(False)
end = time.monotonic() + WAIT
while time.monotonic() < end:
    try:
        print("polled", b.recv(10))
        break
    except BlockingIOError:
        time.sleep(0.02)

# What doesn't block isn't waited for.
r, w = os.pipe()
os.set_blocking(r, False)
try:
    os.read(r, 1)
except BlockingIOError as e:
    print(type(e).__name__)
begin = time.monotonic()
for call in (
    lambda: os.waitpid(os.getppid(), 0),
    lambda: socket.socket(type=socket.SOCK_DGRAM).accept(),
    lambda: socket.create_server(("127.0.0.1", 0)).recv(1),
    lambda: socket.socketpair()[0].recv(1, socket.MSG_OOB),
):
    try:
        print(call())
    except OSError as e:
        print(e)
print(time.monotonic() - begin < 15)
a, b = socket.socketpair()
try:
    a.recv(1, socket.MSG_DONTWAIT)
except BlockingIOError as e:
    print(type(e).__name__)

# A signal that doesn't interrupt calls has its handler run when the call is over.
signal.signal(signal.SIGALRM, lambda *_: events.append("handler"))
signal.siginterrupt(signal.SIGALRM, False)
events = []
child = subprocess.Popen(["sleep", "0.4"], stdout=subprocess.PIPE)
signal.setitimer(signal.ITIMER_REAL, 0.1)
events.append(os.read(child.stdout.fileno(), 1))
child.wait()
child.stdout.close()
print(sorted(map(str, events)))
