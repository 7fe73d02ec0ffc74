# Class methods of built-in classes, called again and again at the same place: bound to the class that they are asked of.
import datetime
import itertools
import sys


def raises(kind, f, *args):
    try:
        f(*args)
    except kind as e:
        return str(e)
    raise AssertionError("nothing raised")


class Mine(dict):
    pass


class Day(datetime.date):
    pass


def keys_of(cls):
    return cls.fromkeys("ab", 1)


def day_of(cls):
    return cls.fromisoformat("2020-02-03")


for _ in range(50):
    for cls in (dict, Mine):
        made = keys_of(cls)
        assert type(made) is cls and made == {"a": 1, "b": 1}
    for cls in (datetime.date, datetime.datetime, Day):
        made = day_of(cls)
        assert type(made) is cls and (made.year, made.month, made.day) == (2020, 2, 3)
    assert int.from_bytes(b"\1\2", "big") == 258 and bool.from_bytes(b"\1", "big") is True
    assert bytes.fromhex("00ff") == b"\x00\xff" and bytearray.fromhex("01") == bytearray(b"\x01")
    assert float.fromhex("0x1p3") == 8.0
    assert list(itertools.chain.from_iterable([[1], [2]])) == [1, 2]
    assert str.maketrans("a", "b") == {97: 98}


def wrong(cls):
    cls.fromkeys()


for _ in range(20):
    assert raises(TypeError, wrong, dict) == "fromkeys expected at least 1 argument, got 0"
    assert raises(TypeError, lambda: int.from_bytes(5, "big")) == "cannot convert 'int' object to bytes"


# a class of one's own that hides the method, and gets it back
class Hides(dict):
    pass


for step in range(30):
    if step == 10:
        Hides.fromkeys = classmethod(lambda cls, keys, value=None: "hidden")
    if step == 20:
        del Hides.fromkeys
    assert keys_of(Hides) == ("hidden" if 10 <= step < 20 else {"a": 1, "b": 1})

# what a profiler is told
seen = []


def profiler(frame, event, arg):
    if event == "c_call":
        seen.append(arg)


for _ in range(20):
    sys.setprofile(profiler)
    keys_of(dict)
    sys.setprofile(None)
calls = [f for f in seen if f.__name__ == "fromkeys"]
assert len(calls) == 20 and all(f.__self__ is dict and f.__qualname__ == "dict.fromkeys" for f in calls)

# bound anew wherever it is looked up without a call
assert dict.fromkeys is not dict.fromkeys and dict.fromkeys == dict.fromkeys
