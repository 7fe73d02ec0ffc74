# Copies of much: bytes and bytearrays that share storage behind the scenes stay independent of each other, whoever is changed how.
import ctypes
import io
import os
import random
import socket
import struct
import threading

SIZE = 100_000
PATTERN = bytes(range(1, 251)) * (SIZE // 250)


def changes():
    def item(b): b[7] = 0
    def last(b): b[-1] = 0
    def same_size(b): b[10:20] = b"0123456789"
    def shorter(b): b[:50] = b"xy"
    def longer(b): b[5:6] = b"longer"
    def stepped(b): b[::1000] = bytes(len(b[::1000]))
    def delete_front(b): del b[:3000]
    def delete_end(b): del b[-3000:]
    def delete_middle(b): del b[100:200]
    def delete_stepped(b): del b[::2]
    def delete_all(b): del b[:]
    def append(b): b.append(9)
    def extend(b): b.extend(b"more")
    def extend_array(b): b.extend(bytearray(b"array"))
    def extend_view(b): b.extend(memoryview(b"a view"))
    def extend_self(b): b.extend(b)
    def extend_ints(b): b.extend(iter([1, 2, 3]))
    def iadd(b): b += b"!"
    def imul(b): b *= 2
    def insert(b): b.insert(4, 5)
    def pop(b): b.pop()
    def pop_first(b): b.pop(0)
    def remove(b): b.remove(3)
    def reverse(b): b.reverse()
    def clear(b): b.clear()
    def again(b): b.__init__(b"again")
    def view(b):
        with memoryview(b) as v:
            v[3:6] = b"abc"
    def readinto(b): io.BytesIO(b"read into").readinto(b)
    def pack(b): struct.pack_into("<I", b, 8, 0xDEADBEEF)
    def c_array(b): (ctypes.c_char * 4).from_buffer(b)[:] = b"c!!!"
    def loop(b):
        for i in range(3000):
            b[i] = i & 255
    return [f for f in locals().values()]


def independent():
    for change in changes():
        for prepare in (lambda b: b, lambda b: bytearray(b"head") + b, lambda b: (b.pop(), b)[1]):
            original = prepare(bytearray(PATTERN))
            before = bytes(memoryview(original))
            copies = [bytes(original), original[:], original.copy(), bytearray(original), bytes(original[:]), original[20:],
                      bytes(original[20:]), bytes(original)[20:], original[:][20:][20:]]
            expected = [before, before, before, before, before, before[20:], before[20:], before[20:], before[40:]]
            for changed in [original] + [c for c in copies if isinstance(c, bytearray)]:
                model = bytearray(memoryview(changed))
                change(changed)
                change(model)
                assert changed == model, (change.__name__, len(changed), len(model))
                for copy, wanted in zip(copies, expected):
                    if copy is not changed and isinstance(copy, bytes):
                        assert copy == wanted, change.__name__
                expected = [bytes(memoryview(c)) if c is changed else e for c, e in zip(copies, expected)]
            for copy, wanted in zip(copies, expected):
                assert copy == wanted, change.__name__
    print("independent")


def random_walk():
    rng = random.Random(5)
    todo = [f for f in changes() if f.__name__ not in ("imul", "extend_self", "delete_all", "clear", "again", "delete_stepped")]
    arrays = [bytearray(PATTERN)]
    models = [list(PATTERN)]
    kept = []
    for _ in range(120):
        i = rng.randrange(len(arrays))
        match rng.randrange(5):
            case 0:
                k = rng.choice((0, 1, 500, 60_000))
                arrays.append(arrays[i][k:])
                models.append(models[i][k:])
            case 1:
                k = rng.choice((0, 1, 500, 60_000))
                kept.append((bytes(arrays[i])[k:], bytes(models[i][k:])))
            case _:
                change = rng.choice(todo)
                if len(models[i]) < 8000:
                    continue
                model = bytearray(models[i])
                change(model)
                models[i] = list(model)
                change(arrays[i])
        if len(arrays) > 6:
            del arrays[0], models[0]
    for a, m in zip(arrays, models):
        assert a == bytes(m)
    for content, wanted in kept:
        assert content == wanted and hash(content) == hash(wanted)
    print("random walk")


def exported():
    b = bytearray(PATTERN)
    with memoryview(b) as view:
        copy = bytes(b)
        view[0] = 77
        assert copy == PATTERN and b[0] == 77
        for change in (b.append, b.remove):
            try:
                change(77)
            except BufferError as e:
                print(e)
    copy = bytes(b)
    view = memoryview(b)
    view[1] = 88
    assert copy[1] == 2 and b[1] == 88
    b[2] = 99
    assert view[2] == 99 and copy[2] == 3
    view.release()
    b.append(1)


def ends_with_zero():
    whole = PATTERN * 2
    part = whole[len(PATTERN) - 3:]
    assert ctypes.string_at(part) == part and ctypes.c_char_p(part).value == part
    b = bytearray(whole)
    taken = bytes(b)
    assert ctypes.string_at(taken) == whole
    b.pop()
    shorter = bytes(b)
    assert ctypes.string_at(shorter) == whole[:-1] and taken == whole and ctypes.string_at(taken) == whole


def chains():
    rest, total = PATTERN * 4, 0
    while rest:
        total += sum(rest[:3])
        rest = rest[1111:]
    print(total)

    class Text(bytes):
        pass
    text = Text(PATTERN)
    assert type(text[5:]) is bytes and text[5:] == PATTERN[5:] and text[5:][5:] == PATTERN[10:]


def pipes():
    # What is read in big pieces, and written while somebody changes it.
    read, write = os.pipe()
    done = bytearray()

    def reader():
        while piece := os.read(read, 1 << 20):
            done.extend(piece)
    thread = threading.Thread(target=reader)
    thread.start()
    data = bytearray(PATTERN)
    kept = bytes(data)
    for _ in range(20):
        sent = 0
        while sent < len(kept):
            sent += os.write(write, kept[sent:])
        data[0] ^= 255
    os.close(write)
    thread.join()
    os.close(read)
    assert done == PATTERN * 20

    a, b = socket.socketpair()
    data = bytearray(PATTERN * 8)
    kept = bytes(data)
    sender = threading.Thread(target=lambda: (a.sendmsg([data]), a.close()))
    sender.start()
    got = len(b.recv(100))
    data[-1] = 0
    del kept
    while piece := b.recv(1 << 20):
        got += len(piece)
    sender.join()
    b.close()
    assert got == len(data)

    with open("file", "wb") as f:
        f.write(PATTERN)
    fd = os.open("file", os.O_RDONLY)
    assert os.read(fd, 70_000) == PATTERN[:70_000] and os.read(fd, 1 << 20) == PATTERN[70_000:] and os.read(fd, 1 << 20) == b""
    os.close(fd)


independent()
random_walk()
exported()
ends_with_zero()
chains()
pipes()
print("done")
