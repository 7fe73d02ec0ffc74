# A trace or profile function is told that a generator goes on also when something is thrown into it, and where f_lasti is then:
# at the RESUME of a frame that begins or goes on, at the yield of one that is thrown into; line events come before the line's
# first instruction. Tools that measure coverage keep their stack of frames, and tell a call from a generator that goes on, by
# these.

import contextlib
import dis
import sys

told = []


def instruction(frame):
    code = frame.f_code.co_code
    return dis.opname[code[frame.f_lasti]], code[frame.f_lasti + 1]


def trace(frame, event, argument):
    if frame.f_code.co_filename == __file__:
        where = instruction(frame) if event == "call" else instruction(frame)[0] if event == "return" else ""
        told.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, where))
    return trace


def profile(frame, event, argument):
    if frame.f_code.co_filename == __file__ and event in ("call", "return"):
        told.append(("profile " + event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))


def numbers():
    yield 1
    try:
        yield 2
    except KeyError:
        yield 3
    yield 4


def delegates():
    try:
        yield from numbers()
    except ValueError:
        yield 9


class Awaitable:
    def __await__(self):
        try:
            yield 5
        except KeyError:
            yield 6


async def coroutine():
    await Awaitable()
    return 1


async def asynchronous():
    try:
        yield 1
    except KeyError:
        yield 2


@contextlib.contextmanager
def manager():
    try:
        yield 1
    except KeyError:
        pass


def default(a, b=3, *rest, c=4):
    if a is None:
        return [a
                for x in rest]

    def inner():
        return a
    return inner()


class Shown:
    def __init__(self):
        self.value = 1

    @property
    def shown(self):
        return self.value


def drive(coroutine):
    with contextlib.suppress(StopIteration):
        while True:
            coroutine.send(None)


async def through_asynchronous():
    g = asynchronous()
    await g.asend(None)
    await g.athrow(KeyError)
    await g.aclose()
    g = asynchronous()
    await g.asend(None)
    await g.aclose()


def program():
    g = numbers(); next(g); next(g); g.throw(KeyError); next(g); list(g)
    g = numbers(); next(g); next(g); g.throw(KeyError); g.close(); g.close()
    g = delegates(); next(g); g.close()
    g = delegates(); next(g); next(g); g.throw(KeyError); list(g)
    c = coroutine(); c.send(None); c.throw(KeyError); drive(c)
    c = coroutine(); c.send(None); c.close()
    with manager():
        raise KeyError
    drive(through_asynchronous())
    default(1)
    default(None)
    Shown().shown


def unstarted():
    g = numbers()
    with contextlib.suppress(KeyError):
        g.throw(KeyError)
    g = numbers()
    g.close()


sys.settrace(trace)
program()
sys.settrace(None)
sys.setprofile(profile)
program()
unstarted()
sys.setprofile(None)
for entry in told:
    print(*entry)

# The function may raise: then that is what the generator sees.
def refuses(frame, event, argument):
    if event == "call" and frame.f_code is numbers.__code__ and frame.f_lineno != numbers.__code__.co_firstlineno:
        raise LookupError("refused")
    return refuses


g = numbers()
next(g)
sys.settrace(refuses)
try:
    g.throw(KeyError)
except LookupError as e:
    print(repr(e), sys.gettrace())
