# Streams that were closed have nothing to write; those that are initialised anew have, and are written when they are dropped.
# modes: gil=1 gil=0
import gc
import io
import os
import tempfile
import threading

directory = tempfile.mkdtemp()


def content(path):
    with open(path, 'rb') as f:
        return f.read()


first, second = os.path.join(directory, 'first'), os.path.join(directory, 'second')

stream = open(first, 'w')
stream.write('one')
stream.close()
stream.__init__(open(second, 'wb'), encoding='ascii')
stream.write('two')
print(content(first), content(second))
stream.flush()
print(content(second))
stream.close()

stream = open(first, 'wb')
stream.write(b'three')
stream.close()
stream.__init__(io.FileIO(second, 'w'))
stream.write(b'four')
print(content(first), content(second))
stream.close()
print(content(second))


class Failing(io.FileIO):
    def close(self):
        super().close()
        raise OSError('close')


stream = io.TextIOWrapper(io.BufferedWriter(Failing(first, 'w')))
stream.write('five')
for attempt in range(2):
    try:
        print(stream.close())
    except OSError as e:
        print(e)
print(content(first))

# A dropped file beside closed ones is written before somebody looks.
closed = []
for i in range(200):
    stream = open(first, 'w')
    stream.write('closed')
    stream.close()
    closed.append(stream)


def drop():
    open(second, 'w').write('dropped')


drop()
print(content(second), os.path.getsize(second), content(first))
drop()
print(os.path.getsize(second))


# Threads that close, and begin anew, the same streams.
def close_all(streams, barrier):
    barrier.wait()
    for stream in streams:
        try:
            stream.close()
        except ValueError:  # closed while this one wanted to flush it
            pass


for round in range(5):
    streams = [open(os.path.join(directory, str(i)), 'w') for i in range(50)]
    for stream in streams:
        stream.write('x')
    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=close_all, args=(streams, barrier)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, stream in enumerate(streams):
        stream.__init__(open(os.path.join(directory, str(i)), 'ab'))
        stream.write('y')
    for stream in streams:
        stream.close()
    del streams, stream
    gc.collect()
    print({content(os.path.join(directory, str(i))) for i in range(50)})
