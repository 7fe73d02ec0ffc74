# Rule 8.2: messages of a Connection are framed by a 4-byte big-endian length; errors at the end; timeouts; big messages.
import os
import struct
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from _tools import Worker

r, w = os.pipe()
reader, writer = Connection(r, writable=False), Connection(w, readable=False)
writer.send_bytes(b'abc')
assert os.read(r, 100) == struct.pack('!i', 3) + b'abc'
os.write(w, struct.pack('!i', 5) + b'hello')
assert reader.poll() and reader.recv_bytes() == b'hello' and not reader.poll(0.01)
big = os.urandom(3000000)
sender = Worker(writer.send_bytes, big)
sender.start()
assert reader.recv_bytes() == big
sender.join()
for bad in (lambda: writer.recv(), lambda: reader.send(1), lambda: reader.recv_bytes(-1),
        lambda: writer.send_bytes(b'abc', 5), lambda: writer.send_bytes(b'abc', 0, 9)):
    try:
        bad()
    except (OSError, ValueError) as e:
        print(type(e).__name__, e)
writer.send_bytes(b'too long')
try:
    reader.recv_bytes(3)
except OSError as e:
    print(type(e).__name__, e)
a, b = Pipe()
a.send({'x': [1, 2, (3, 'é')], 'f': len})
print(b.recv())
b.send_bytes(b'0123456789', 2, 3)
buf = bytearray(10)
print(a.recv_bytes_into(buf, 1), buf)
assert wait([a, b], 0.01) == []
b.send(1)
assert wait([a, b]) == [a]
a.recv()
b.close()
try:
    a.recv()
except EOFError as e:
    print(type(e).__name__)
try:
    b.send(1)
except OSError as e:
    print(e)
with a:
    pass
print(a.closed)
