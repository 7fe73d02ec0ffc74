# Methods of ints and floats, immediate ones and others, and of what comes to the same places besides.


class Own(int):
    def bit_length(self):
        return -1


class Plain(int):
    pass


class Real(float):
    def is_integer(self):
        return "own"


def lengths(values):
    total = 0
    for v in values:
        total += v.bit_length()
    return total


def as_bytes(values):
    got = b""
    for v in values:
        got = got[-9:] + v.to_bytes(9, "big")
    return got


def whole(values):
    got = []
    for v in values:
        got.append(v.is_integer())
    return got.count(True), got.count(False), got.count("own"), len(got)


def of_classes(values, x):
    total = 0
    for v in values:
        total += v.bit_length(x) if v is int else v.bit_length()
    return total


def known(n):
    total = 0
    for i in range(n):
        total += i.bit_length() + (i + 1).bit_length() + (i * 1.5).is_integer()
    return total


def conjugates(values):
    out = []
    for v in values:
        out.append(v.conjugate())
    return out


def bad(values):
    for v in values:
        v.missing()


print(lengths(range(3000)), lengths([2**70, -5, 2**61, -(2**61)] * 500), lengths([Own(5), 6, Plain(7), True, 2**80] * 500))
print(as_bytes(range(3000)), as_bytes([2**70, 5, True, Plain(9)] * 600))
print(whole([1.0, 2.5, 1e300, 1e-300, float("inf")] * 500), whole([Real(2), 3.0] * 600))
try:
    whole([1.0] * 2000 + [None])
except AttributeError as e:
    print(e)
print(of_classes([5] * 2000 + [int] + [7] * 5, 9), of_classes([int, 5] * 1000, 2**65))
print(known(3000))
print(conjugates([1, 2.5, 1j, True, 2**70] * 500)[-5:], conjugates([3] * 3000)[-1], conjugates([0.5] * 3000)[-1])
try:
    bad([1] * 10)
except AttributeError as e:
    print(e)


def call_unbound(n):
    total = 0
    for i in range(n):
        cls = int if i % 1000 == 999 else i
        total += cls.bit_length(*([i] if cls is int else []))
        try:
            total += cls.bit_length()
        except TypeError as e:
            total += len(str(e))
    return total


print(call_unbound(5000))
