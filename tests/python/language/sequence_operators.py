# + and * of sequences: the number slots of the other operand go first, explicit calls of the methods raise instead of NotImplemented.
import collections
import operator


class Reflects:
    def __radd__(self, other):
        return ("radd", other)

    def __rmul__(self, other):
        return ("rmul", other)


class Declines:
    def __radd__(self, other):
        return NotImplemented

    def __rmul__(self, other):
        return NotImplemented


class Text(str):
    def __add__(self, other):
        return Text(super().__add__(other))


def operands():
    return ["ab", [1], (1,), b"a", bytearray(b"b"), collections.deque([1]), range(2), {}, None, 2, 2.5, Reflects(), Declines(), Text("t"), True]


def outcome(function, *args):
    try:
        return str(function(*args)).split(" object at")[0]
    except TypeError as error:
        return f"TypeError: {error}"


count = len(operands())
for operation in operator.add, operator.mul, operator.iadd, operator.imul:
    for i in range(count):
        for j in range(count):
            print(operation.__name__, i, j, outcome(operation, operands()[i], operands()[j]))
for name in "__add__", "__mul__", "__rmul__", "__iadd__", "__imul__":
    for i in range(count):
        for j in range(count):
            method = getattr(operands()[i], name, None)
            if method and i not in (9, 10, 11, 12, 14):
                print(name, i, j, outcome(method, operands()[j]))

# Messages of slot wrappers count without naming; empty bytearrays can be repeated in place.
for call in (
    lambda: (1).__add__(), lambda: [].__len__(1, 2), lambda: "".__mul__(), lambda: (1).__pow__(), lambda: {}.__setitem__(1),
    lambda: [].__eq__(), lambda: "a".__hash__(x=1), lambda: object().__setattr__("a"), lambda: [].__iter__(5), lambda: (2).__neg__(1),
):
    print(outcome(call))
empty = bytearray()
empty *= 3
print(empty, empty.__imul__(0))
