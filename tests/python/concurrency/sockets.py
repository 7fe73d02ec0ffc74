# socket, select and selectors over loopback: addresses, options, timeouts, errors, datagrams.
import select
import selectors
import socket
import threading

a, b = socket.socketpair()
a.sendall(b'hello')
buf = bytearray(5)
print(b.recv(2), b.recv(10, socket.MSG_PEEK), b.recv_into(buf), buf)
print(a.fileno() > 0, a.family.name, a.type.name, a.gettimeout(), a.getblocking())
b.settimeout(0.01)
for bad in (lambda: b.recv(1), lambda: b.recv(-1), lambda: a.send('text'), lambda: socket.create_connection(('127.0.0.1', 1)),
            lambda: a.bind(5), lambda: socket.socket(-5), lambda: a.settimeout(-1), lambda: socket.inet_aton('x'),
            lambda: socket.inet_pton(5, 'x'), lambda: socket.getaddrinfo('256.256.256.256', 0, flags=socket.AI_NUMERICHOST),
            lambda: a.accept(), lambda: socket.socket().connect(('127.0.0.1', 99999)), lambda: socket.getservbyname('nope-nope'),
            lambda: select.select([1], 5, []), lambda: select.select([-1], [], [])):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
a.setblocking(False)
try:
    a.recv(1)
except BlockingIOError as e:
    print(e)
a.close()
print(b.recv(5), a.fileno(), repr(a).startswith('<socket.socket [closed]'))
try:
    a.send(b'')
except OSError as e:
    print(e)
b.close()

server = socket.create_server(('127.0.0.1', 0), backlog=5)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
print(server.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR), server.getsockname()[0], socket.inet_aton('1.2.3.4'))
print(socket.inet_ntop(socket.AF_INET6, b'\0' * 15 + b'\1'), socket.htons(1), socket.ntohl(1), socket.gethostname() != '')


def serve():
    conn, addr = server.accept()
    with conn, conn.makefile('rwb') as f:
        for line in f:
            f.write(line.upper())
            f.flush()


t = threading.Thread(target=serve)
t.start()
with socket.create_connection(server.getsockname(), timeout=10) as c, c.makefile('rw', encoding='utf-8', newline='\n') as f:
    print(c.getpeername() == server.getsockname())
    print('ünï', file=f, flush=True)
    print(f.readline(), end='')
    c.shutdown(socket.SHUT_WR)
    print(repr(f.read()))
t.join()
server.close()

u, v = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
v.bind(('127.0.0.1', 0))
u.sendto(b'datagram', v.getsockname())
print(v.recvfrom(100)[0], u.sendmsg([b'a', b'b'], [], 0, v.getsockname()), v.recvmsg(10)[0])
u.close(), v.close()

sel = selectors.DefaultSelector()
x, y = socket.socketpair()
sel.register(x, selectors.EVENT_READ, 'data')
print(sel.select(0), y.send(b'1'), [(k.data, m) for k, m in sel.select(1)], sel.get_key(x).data, len(sel.get_map()))
sel.modify(x, selectors.EVENT_WRITE)
print([m for k, m in sel.select(1)], sel.unregister(x).fd == x.fileno())
sel.close()
p = select.poll()
p.register(x, select.POLLIN)
print([e for fd, e in p.poll(1000)], [len(found) for found in select.select([x], [y], [], 1)])
x.close(), y.close()

# Receiving with room for little, for much and for very much; in several threads at once; after a failure.
a, b = socket.socketpair()
data = bytes(range(256)) * 1024
for room in (0, 1, 100, 8192, 8193, 65536, 256 * 1024, 256 * 1024 + 1, 1 << 20):
    a.sendall(b'some bytes')
    got = b.recv(room)
    while len(got) < 10:
        got += b.recv(room or 9000)
    print(room, got)
b.setblocking(False)
for _ in range(3):
    try:
        b.recv(256 * 1024)
    except BlockingIOError as e:
        print(type(e).__name__)
b.setblocking(True)


def receive(s, results):
    got = b''
    while len(got) < len(data):
        got += s.recv(200000)
    results.append(got == data)


results, threads, pairs = [], [], [socket.socketpair() for _ in range(3)]
for x, y in pairs:
    threads += [threading.Thread(target=receive, args=(y, results)), threading.Thread(target=x.sendall, args=(data,))]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(results, b.recvfrom(20000, socket.MSG_DONTWAIT) if a.send(b'datagram') else None)
for s in (a, b, *sum(pairs, ())):
    s.close()
