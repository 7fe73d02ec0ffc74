# What threads lost in a fork were in the middle of doesn't trouble the child: files they were reading and writing, generators
# they were running.
import gc
import os
import threading
import time

r, w = os.pipe()
r2, w2 = os.pipe()
stop = threading.Event()
started = threading.Semaphore(0)


def reading():
    f = os.fdopen(r, 'rb')
    started.release()
    f.read(1)                  # waits inside the buffered reader's lock
    f.close()


def writing():
    f = os.fdopen(w2, 'wb', 4096)
    started.release()
    f.write(b'x' * (1 << 20))  # waits for a reader, the buffer's lock taken


def generating():
    def generator():
        started.release()
        stop.wait()
        yield 1
    list(generator())


threads = [threading.Thread(target=f, daemon=True) for f in (reading, writing, generating)]
for t in threads:
    t.start()
for t in threads:
    started.acquire()
time.sleep(0.1)
pid = os.fork()
if pid == 0:
    gc.collect()               # the lost threads' files and generators die here
    gc.collect()
    with open(__file__, 'rb') as f:
        f.read(10)
    os._exit(5)
for i in range(1000):
    got, status = os.waitpid(pid, os.WNOHANG)
    if got:
        print('child', os.waitstatus_to_exitcode(status))
        break
    time.sleep(0.01)
else:
    os.kill(pid, 9)
    print('the child hangs')
stop.set()
os.write(w, b'.')
left = 1 << 20
while left:
    left -= len(os.read(r2, 1 << 16))
for t in threads:
    t.join(5)
print([t.is_alive() for t in threads])
