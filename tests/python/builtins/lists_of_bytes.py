# Lists made of bytes, bytearrays and memoryviews in one step, and what such a step must not skip.
import threading


def show(call):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)


data = bytes(range(256)) * 3
for source in (b"", b"a", data, bytearray(), bytearray(data), memoryview(data), memoryview(b"")):
    made = list(source)
    assert made == [source[i] for i in range(len(source))] == [*source] and len(made) == len(source)
    made.extend(source)
    made += source
    assert made == list(bytes(source)) * 3
    made[1:1] = source
    print(len(made), sum(made))


class Backwards(bytes):
    def __iter__(self):
        return reversed(self[:])


class BackwardsToo(bytearray):
    def __iter__(self):
        return reversed(self[:])


print(list(Backwards(b"abc")), list(BackwardsToo(b"abc")))

view = memoryview(bytearray(data))
print(list(view[::-3])[:5], list(view.cast("H"))[:3], list(view[:8].cast("c")), list(view[:16].cast("d")), list(view[:4].cast("?")))
show(lambda: list(view.cast("B", (16, 48))))
show(lambda: list(view[:4].cast("f").cast("B").cast("B", ())))
show(lambda: list(memoryview((lambda a: a)(__import__("ctypes").c_uint32.__ctype_be__(5)))))
view.release()
show(lambda: list(view))

# Content of bytearrays: from bytes, into slices, itself.
array = bytearray(b"hello")
array.__init__(b"again")
array[1:3] = b""
array[0:0] = b"12345"
array[::2] = b"abcd"
print(array)
show(lambda: array.__setitem__(slice(None, None, 2), b"ab"))
show(lambda: array.__init__(b"x", "ascii"))
show(lambda: array.__init__(b"x", errors="strict"))
held = memoryview(array)
show(lambda: array.__init__(b"longer than before"))
show(lambda: array.__setitem__(slice(0, 1), b"xy"))
array_before = bytes(array)
held.release()
array[len(array) :] = array_before
print(array)

# A list is made while the bytearray changes: always one of its states.
shared = bytearray(b"a" * 50)
stop = False


def change():
    while not stop:
        shared[:] = b"b" * 70
        shared[:] = b"a" * 50


thread = threading.Thread(target=change)
thread.start()
seen = {(len(made), *set(made)) for made in (list(shared) for _ in range(3000))}
stop = True
thread.join()
print(seen <= {(50, 97), (70, 98)})
