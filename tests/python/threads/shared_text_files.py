# Threads that share a text file: every write() stays whole, a thread's own lines keep their order, nothing is lost or written
# twice; a reader that waits doesn't keep a writer of the same object from writing. Without a GIL, readers of one file get each
# line once, whole; with it, as in CPython, two that need input at the same time may lose or repeat some. (CPython tears lines now
# and then.)
# baton-only
# timeout: 120
import io
import os
import socket
import sys
import tempfile
import threading


def together(function, count):
    errors = []

    def run(i):
        try:
            function(i)
        except BaseException as e:
            errors.append(e)
            raise
    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors, errors


ROUNDS = 3000
directory = tempfile.mkdtemp()
path = os.path.join(directory, 'lines')
for buffering in {}, {'buffering': 1}, {'encoding': 'utf-16'}:
    with open(path, 'w', **buffering) as f:
        def write(i):
            for n in range(ROUNDS):
                f.write('%d %d %s\n' % (i, n, 'xé' * (n % 37) if 'encoding' in buffering else 'x' * (n % 37)))
                if n % 500 == 0:
                    f.flush()
        together(write, 4)
    seen = [0] * 4
    with open(path, **buffering) as f:
        for line in f:
            i, n, rest = line.rstrip('\n').split(' ')
            assert int(n) == seen[int(i)], (buffering, line, seen)
            assert len(rest) == int(n) % 37 * (2 if 'encoding' in buffering else 1), (buffering, line)
            seen[int(i)] += 1
    assert seen == [ROUNDS] * 4, (buffering, seen)

# A pipe that is full makes writers wait for each other: what each has written still keeps its order.
readable, writable = os.pipe()
received = []


def receive():
    while data := os.read(readable, 3000):
        received.append(data)


receiver = threading.Thread(target=receive)
receiver.start()
with open(writable, 'w') as f:
    together(lambda i: [f.write('%d %d %s\n' % (i, n, 'x' * (n % 400))) for n in range(ROUNDS)], 4)
receiver.join()
os.close(readable)
seen = [0] * 4
for line in b''.join(received).decode().splitlines():
    i, n, rest = line.split(' ')
    assert int(n) == seen[int(i)] and len(rest) == int(n) % 400, (line, seen)
    seen[int(i)] += 1
assert seen == [ROUNDS] * 4, seen

# print() to one stream, as programs do.
out = open(path, 'w')
together(lambda i: [print('%d-%d' % (i, n) + '\n', end='', file=out) for n in range(ROUNDS)], 4)
out.close()
with open(path) as f:
    lines = f.read().splitlines()
assert sorted(lines) == sorted('%d-%d' % (i, n) for i in range(4) for n in range(ROUNDS))
assert all([line for line in lines if line.startswith('%d-' % i)] == ['%d-%d' % (i, n) for n in range(ROUNDS)] for i in range(4))

# Readers of one file.
taken = [[] for _ in range(3)]
with open(path) as f:
    def read(i):
        while line := f.readline():
            taken[i].append(line.rstrip('\n'))
    together(read, 3)
assert sys._is_gil_enabled() or sorted(sum(taken, [])) == sorted(lines)

# One object for both ways.
a, b = socket.socketpair()
both = a.makefile('rw')
answers = []
reader = threading.Thread(target=lambda: answers.append(both.readline()))
reader.start()
both.write('question\n')
both.flush()
assert b.recv(100) == b'question\n'
b.sendall(b'answer\n')
reader.join()
assert answers == ['answer\n'], answers
both.close()
a.close()
b.close()
os.remove(path)
os.rmdir(directory)
