# Objects with a finaliser that refer to big buffers, and come back to life or are about to be finalised when further collections
# come: what they refer to is intact, and what they referred to is gone in time. In children of a fork, too.
import gc
import os
import threading

SIZE = 1 << 20
kept = []


class Resurrected:
    def __init__(self, i):
        self.buffer = bytearray([i]) * SIZE
        self.text = bytes([i]) * SIZE
        self.pieces = [i, [str(i) * 40], {"view": memoryview(self.text)[10:20]}]

    def __del__(self):
        kept.append(self)

    def check(self):
        n = self.pieces[0]
        assert self.buffer[0] == self.buffer[-1] == n == self.text[0] == self.text[-1]
        assert self.pieces[1] == [str(n) * 40] and self.pieces[2]["view"] == bytes([n]) * 10


class Suspended:
    "Its generator's frame refers to a buffer, and is closed by a finaliser."

    def steps(self, i):
        data = bytearray([i]) * SIZE
        try:
            yield len(data)
        finally:
            assert data[0] == data[-1] == i
            kept.append(self)

    def check(self):
        pass


def garbage():
    return [bytes(3000) for _ in range(1000)]


def run(rounds):
    count = 0
    for i in range(rounds):
        Resurrected(i)
        generator = Suspended().steps(i)
        assert next(generator) == SIZE
        del generator
        garbage()
        for other in kept:
            other.check()
        count += len(kept) > 20
        del kept[:-20]
    gc.collect()
    for other in kept:
        other.check()
    return rounds


def child():
    pid = os.fork()
    if pid == 0:
        try:
            run(20)
            gc.collect()
            run(5)
            os._exit(0)
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
    return os.waitpid(pid, 0)[1]


print(run(40))
print([child() for _ in range(3)])
stop = threading.Event()
thread = threading.Thread(target=lambda: [garbage() for _ in iter(stop.is_set, True)])
thread.start()
print([child() for _ in range(3)])
stop.set()
thread.join()
print(run(10))
