# Sockets, polling, mapped memory.
import array, mmap, os, select, socket, tempfile, threading

server = socket.create_server(('127.0.0.1', 0))
def echo():
    connection, address = server.accept()
    with connection:
        while data := connection.recv(10):
            connection.sendall(data.upper())
thread = threading.Thread(target=echo)
thread.start()
client = socket.create_connection(server.getsockname(), timeout=5)
client.sendall(b'hello there, server')
client.shutdown(socket.SHUT_WR)
received = b''
while piece := client.recv(5):
    received += piece
assert received == b'HELLO THERE, SERVER'
thread.join()
client.close()
server.close()

a, b = socket.socketpair()
b.settimeout(0.05)
try:
    b.recv(1)
    raise AssertionError
except TimeoutError as e:
    assert str(e) == 'timed out'
b.setblocking(False)
try:
    b.recv(1)
    raise AssertionError
except BlockingIOError:
    pass
# A descriptor travels.
r, w = os.pipe()
a.sendmsg([b'x', b'y'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [w]))])
data, control, flags, address = b.recvmsg(10, socket.CMSG_LEN(4))
assert data == b'xy' and len(control) == 1
sent = array.array('i', control[0][2])[0]
os.write(sent, b'through')
assert os.read(r, 10) == b'through'
for fd in (r, w, sent):
    os.close(fd)

with select.epoll() as e:
    e.register(b, select.EPOLLIN)
    assert e.poll(0) == []
    a.send(b'1')
    assert e.poll(1) == [(b.fileno(), select.EPOLLIN)]
p = select.poll()
p.register(b, select.POLLIN)
assert p.poll(100) == [(b.fileno(), select.POLLIN)]
assert select.select([b], [b], [], 1) == ([b], [b], [])
a.close()
b.close()

assert socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, '::1')) == '::1'
assert socket.getaddrinfo('127.0.0.1', 80, type=socket.SOCK_STREAM)[0][4] == ('127.0.0.1', 80)
for bad, text in ((3, 'bind(): AF_INET address must be tuple, not int'), (('a',), 'AF_INET address must be a pair (host, port)')):
    with socket.socket() as s:
        try:
            s.bind(bad)
            raise AssertionError
        except TypeError as e:
            assert str(e) == text, e

with tempfile.TemporaryFile() as f:
    f.write(b'0123456789' * 500)
    f.flush()
    with mmap.mmap(f.fileno(), 0) as m:
        assert len(m) == 5000 and m[:5] == b'01234' and m.find(b'90') == 9
        m[0:3] = b'abc'
        m.flush()
        view = memoryview(m)
        try:
            m.close()
            raise AssertionError
        except BufferError as e:
            assert str(e) == 'cannot close exported pointers exist'
        view.release()
        m.resize(6000)
    f.seek(0)
    assert f.read(4) == b'abc3' and os.fstat(f.fileno()).st_size == 6000
print('ok')
