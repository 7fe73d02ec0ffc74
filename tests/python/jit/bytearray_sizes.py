# len() and the truth of bytearrays that grow and shrink, in code that runs often; and of what looks like one.
class Sub(bytearray):
    pass


class Odd(bytearray):
    def __len__(self):
        return 3

    def __bool__(self):
        return False


def size(b):
    return len(b)


def has(b):
    if b:
        return 1
    return 0


def lacks(b):
    while not b:
        return 1
    return 0


def queue(b, rounds):
    seen = 0
    for i in range(rounds):
        b.extend(b'ab' * (i % 5))
        seen += size(b) + has(b) - lacks(b)
        if i % 3 == 0:
            del b[:i % 7]
        elif i % 11 == 0:
            b.clear()
        seen += len(b) * 7 + (1 if b else 0)
    return seen


for _ in range(3):
    print(queue(bytearray(), 3000), queue(bytearray(b'begun'), 100))
for b in [bytearray(), bytearray(b'x'), Sub(), Sub(b'xy'), Odd(), Odd(b'xyz'), b'', b'x', memoryview(b''), memoryview(b'x'), [], None]:
    try:
        print(type(b).__name__, has(b), lacks(b), size(b))
    except TypeError as e:
        print(e)
