# Generators: resuming, throwing, closing, attributes.
import sys


def error(f):
    try:
        f()
    except BaseException as e:
        return type(e).__name__ + ": " + str(e)
    return "no error"


def expect(f, text):
    got = error(f)
    assert got == text, (got, text)


def counting(n):
    total = 0
    for i in range(n):
        got = yield i
        if got is not None:
            total += got
    return total


assert list(counting(3)) == [0, 1, 2]
g = counting(2)
assert next(g) == 0 and g.send(10) == 1
try:
    g.send(5)
except StopIteration as e:
    assert e.value == 15
expect(lambda: next(g), "StopIteration: ")
expect(lambda: counting(1).send(3), "TypeError: can't send non-None value to a just-started generator")
# the value of a generator that ended in C++ doesn't leak into another iterator's end
assert list(counting(0)) == [] and sum(counting(2)) == 1
try:
    next(iter([]))
except StopIteration as e:
    assert e.value is None

# attributes
g = counting(3)
assert g.__name__ == "counting" and g.__qualname__ == "counting" and g.gi_code is counting.__code__
assert g.gi_frame is not None and not g.gi_running and not g.gi_suspended and g.gi_yieldfrom is None
assert repr(g).startswith("<generator object counting at 0x")
g.__name__ = "x"
g.__qualname__ = "y"
assert g.__name__ == "x" and repr(g).startswith("<generator object y at")
expect(lambda: setattr(g, "__name__", 3), "TypeError: __name__ must be set to a string object")
expect(lambda: setattr(g, "__qualname__", 3), "TypeError: __qualname__ must be set to a string object")
next(g)
assert g.gi_suspended and g.gi_frame.f_locals["n"] == 3 and g.gi_frame.f_back is None
g.close()
assert g.gi_frame is None and not g.gi_suspended
assert iter(g) is g

# throw
log = []


def catcher():
    while True:
        try:
            yield len(log)
        except ValueError as e:
            log.append(("v", str(e)))
        except GeneratorExit:
            log.append("exit")
            return
        finally:
            log.append("f")


g = catcher()
next(g)
assert g.throw(ValueError("a")) == 2
assert g.throw(ValueError, "b") == 4
assert g.throw(ValueError, ValueError("c"), None) == 6
g.close()
assert log == [("v", "a"), "f", ("v", "b"), "f", ("v", "c"), "f", "exit", "f"], log
g = catcher()
expect(lambda: g.throw(KeyError("k")), "KeyError: 'k'")
expect(lambda: next(g), "StopIteration: ")
expect(lambda: catcher().throw(3), "TypeError: exceptions must be classes or instances deriving from BaseException, not int")
expect(lambda: catcher().throw(ValueError("x"), 3), "TypeError: instance exception may not have a separate value")
expect(lambda: catcher().throw(ValueError, None, 3), "TypeError: throw() third argument must be a traceback object")
expect(lambda: catcher().throw(), "TypeError: throw expected at least 1 argument, got 0")


def stubborn():
    while True:
        try:
            yield
        except GeneratorExit:
            pass


g = stubborn()
next(g)
expect(g.close, "RuntimeError: generator ignored GeneratorExit")


def recursive():
    next(me)
    yield


me = recursive()
expect(lambda: next(me), "ValueError: generator already executing")


# PEP 479
def stop():
    raise StopIteration(3)
    yield


try:
    next(stop())
except RuntimeError as e:
    assert str(e) == "generator raised StopIteration" and type(e.__cause__) is StopIteration and e.__context__ is e.__cause__


# yield from
class Delegate:
    def __init__(self):
        self.log = []

    def __iter__(self):
        return self

    def __next__(self):
        self.log.append("next")
        if len(self.log) > 6:
            raise StopIteration("end")
        return len(self.log)

    def send(self, v):
        self.log.append(("send", v))
        return v

    def throw(self, *args):
        self.log.append(("throw",) + args)
        return "thrown"

    def close(self):
        self.log.append("close")


def outer(d):
    result = yield from d
    yield ("result", result)


d = Delegate()
g = outer(d)
assert next(g) == 1 and g.gi_yieldfrom is d
assert g.send(7) == 7
assert g.throw(ValueError) == "thrown"
g.close()
assert d.log == ["next", ("send", 7), ("throw", ValueError), "close"], d.log


def inner():
    try:
        x = yield 1
        yield x
    except KeyError:
        yield "key"
    return "done"


def middle():
    return (yield from inner())


g = outer(middle())
assert next(g) == 1 and g.throw(KeyError) == "key" and next(g) == ("result", "done")
expect(lambda: next(g), "StopIteration: ")
g = outer([1, 2])
assert next(g) == 1
expect(lambda: g.send(3), "AttributeError: 'list_iterator' object has no attribute 'send'")


# exception state of a generator is its own
def handling():
    try:
        raise KeyError("inside")
    except KeyError:
        yield sys.exc_info()[0]
    yield sys.exc_info()[0]


g = handling()
try:
    raise ValueError("outside")
except ValueError:
    assert next(g) is KeyError
    assert sys.exc_info()[0] is ValueError
    assert next(g) is ValueError
assert (x for x in ()).__name__ == "<genexpr>"


# tracebacks go through generator frames
def failing():
    yield 1
    raise ValueError("deep")


def run():
    for _ in failing():
        pass


try:
    run()
except ValueError as e:
    names = []
    tb = e.__traceback__
    while tb:
        names.append(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    assert names == ["<module>", "run", "failing"], names

g = counting(5)
next(g)
frame = g.gi_frame
expect(frame.clear, "no error")
expect(lambda: next(g), "StopIteration: ")


# What throw() raises in a generator that has ended has no context.
def ended():
    yield 1


g = ended()
list(g)
try:
    try:
        raise TypeError("handled")
    finally:
        g.throw(ValueError("thrown"))
except ValueError as e:
    print(e, e.__context__)


# But what close() raises has.
def closing():
    try:
        yield 1
    finally:
        1 / 0


def delegating():
    yield from closing()


for make in closing, delegating:
    for handling in False, True:
        g = make()
        next(g)
        try:
            if handling:
                try:
                    raise TypeError("handled")
                finally:
                    g.close()
            g.close()
        except ZeroDivisionError as e:
            while e:
                print(repr(e), end=" in ")
                e = e.__context__
            print("nothing")
