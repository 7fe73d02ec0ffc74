# The bytes of pickles, of every protocol, are CPython's; and what is read back equals what was written.
import _pickle
import collections
import datetime
import functools
import hashlib
import io
import operator


class Plain:
    def __init__(self):
        self.x = 1
        self.y = [self]


class Slots:
    __slots__ = ("a", "b")

    def __init__(self):
        self.a = 1
        self.b = 2


class Reduced:
    def __init__(self, a):
        self.a = a

    def __reduce__(self):
        return Reduced, (self.a,)


class Listed(list):
    pass


class Keyed(dict):
    pass


class Meta(type):
    pass


class OfMeta(metaclass=Meta):
    class Inner:
        pass


def listed():
    made = Listed([1, 2, 3])
    made.name = "x"
    return made


def dicted():
    made = Plain()
    made.__dict__["z"] = made.__dict__
    return made


values = [
    0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -2**31, -2**31 - 1, 2**40, 2**61, 2**62, -2**63, 2**63, 2**64, -2**64,
    2**2047, -2**2047, 2**2048, -128, -129, -2**39, -(2**39) - 1, True, None, 1.5, -0.0, float("inf"), 1e300, "", "a", "é",
    "\u1234\U00012345", "\udc80", "a\\b\n\r\0\x1a", b"", b"abc", b"x" * 300, "y" * 300, (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4),
    [], [1], [1, 2], list(range(2500)), {}, {1: 2}, {1: 2, 3: 4}, dict.fromkeys(range(1000)), dict.fromkeys(range(2500)), {1},
    set(), frozenset({1}), frozenset(), bytearray(), bytearray(b"123"), int, len, type(None), type(...), ..., NotImplemented,
    [1].append, Plain, Slots, OfMeta, OfMeta.Inner, io.BytesIO, Plain.__init__, "x" * 70000,
    b"z" * 100000, [b"q" * 70000, "r" * 70000, 1], ["%d" % i for i in range(20000)], complex(1, 2), range(3), slice(1, 2, 3),
    collections.OrderedDict(a=1, b=2), collections.deque([1, 2, 3]), datetime.date(2020, 1, 2), operator.itemgetter(1)]
plain = len(values)
recursive_list = []
recursive_list.append(recursive_list)
recursive_tuple = ([],)
recursive_tuple[0].append(recursive_tuple)
recursive_dict = {}
recursive_dict["a"] = recursive_dict
values += [recursive_list, recursive_tuple, recursive_dict, ValueError("x"), OSError(2, "f"), functools.partial(int, "3", base=5),
           Plain(), [Plain(), Plain()], dicted(), Slots(), Reduced([1]), listed(), Keyed(a=1), [Keyed(), Listed()]]

for protocol in range(6):
    for number, value in enumerate(values):
        try:
            data = _pickle.dumps(value, protocol)
        except Exception as error:
            print(protocol, number, repr(error))
            continue
        file = io.BytesIO()
        _pickle.dump(value, file, protocol)
        assert file.getvalue() == data
        print(protocol, number, len(data), hashlib.md5(data).hexdigest(), data if len(data) < 200 else "")
        back = _pickle.loads(data)
        assert type(back) is type(value)
        if number < plain:
            assert back == value or type(value) in (type([].append), slice, operator.itemgetter), (back, value)
        file.seek(0)
        again = _pickle.load(file)
        assert type(again) is type(value)
        assert file.tell() == len(data)

for protocol in range(6):
    a, b = _pickle.loads(_pickle.dumps([Plain(), "x"], protocol))
    assert a.y[0] is a and a.x == 1
    c = _pickle.loads(_pickle.dumps(dicted(), protocol))
    assert c.__dict__["z"] is not None and c.y[0] is c
    back = _pickle.loads(_pickle.dumps(listed(), protocol))
    assert back == [1, 2, 3] and back.name == "x"
    for function in (str.maketrans, int.__new__, dict.fromkeys, len, str.upper, OfMeta.Inner):
        assert _pickle.loads(_pickle.dumps(function, protocol)) == function
print("done")
