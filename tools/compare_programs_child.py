"""The part of tools/compare_programs.py that is run by both interpreters: runs programs, and writes a JSON line for each.

A program comes as a JSON string on a line of standard input. It is run as a module of its own, beside the helpers below. What it
did is shown without addresses and in bounded depth: what it logged, its variables, how it ended with all lines and columns of
the traceback, and the warnings of its compilation. With the argument "trace" the events of sys.settrace() are logged, too.
"""
import gc
import inspect
import itertools
import json
import os
import re
import signal
import sys
import types
import warnings

STEPS = 3000


class Enough(BaseException):
    """The program has done enough, or takes too long."""


class Run:
    """What the helpers keep of the program that runs."""
    log = []
    steps = 0


def tick():
    Run.steps += 1
    if Run.steps > STEPS:
        raise Enough("steps")


def shown(value, depth=3):
    """repr() that is bounded, and the same everywhere."""
    kind = type(value)
    if value is None or kind in (bool, float, complex, type(...), type(NotImplemented)):
        return repr(value)
    if kind is int:
        return repr(value) if abs(value) < 10**30 else f"int of {value.bit_length()} bits"
    if kind in (str, bytes):
        return repr(value[:60])
    if depth == 0:
        return f"<{kind.__name__}>"
    if kind in (list, tuple):
        inner = ", ".join([shown(x, depth - 1) for x in value[:6]] + ["..."] * (len(value) > 6))
        return f"[{inner}]" if kind is list else f"({inner},)"
    if kind is dict:
        return "{" + ", ".join(f"{shown(k, depth - 1)}: {shown(v, depth - 1)}" for k, v in list(value.items())[:6]) + "}"
    if kind in (set, frozenset):
        return kind.__name__ + str(sorted(shown(x, depth - 1) for x in value))
    if kind is O:
        return f"O({shown(vars(value), depth - 1)})"
    if kind is W:
        return f"W({shown(value.v, depth - 1)})"
    if isinstance(value, BaseException):
        return exception_shown(value, depth)
    if isinstance(value, type):
        names = [name for name in vars(value) if not name.startswith("__") or name == "__annotations__"]
        return f"class {value.__qualname__}({', '.join(names)})"
    if isinstance(value, types.FunctionType):
        return f"def {value.__qualname__}{value.__code__.co_varnames}{value.__code__.co_freevars}"
    return f"<{kind.__qualname__}>"


def without_addresses(text):
    return re.sub(r"0x[0-9a-f]+", "0x", text)[:300]


def places(trace):
    """The entries of a traceback that are the program's: name of the function, lines and columns."""
    found = []
    while trace is not None and len(found) < 10:
        code = trace.tb_frame.f_code
        if code.co_filename == "<program>":
            found.append((code.co_name, trace.tb_lineno, *next(itertools.islice(code.co_positions(), trace.tb_lasti // 2, None))))
        trace = trace.tb_next
    return found


def exception_shown(error, depth=3):
    """Type, text, where it went through, and what it came from."""
    if isinstance(error, Enough):
        return "Enough"
    text = f"{type(error).__name__}: {without_addresses(str(error))}"
    if isinstance(error, SyntaxError):
        return f"{text} {error.args[1:]}"
    where = places(error.__traceback__)
    if isinstance(error, UnboundLocalError):
        where = where[:-1]        # CPython's adaptive code may tell the place of the store before
    text += f" {where}"
    if isinstance(error, BaseExceptionGroup):
        text += " of [" + "; ".join(exception_shown(e, depth - 1) for e in error.exceptions[:4]) + "]"
    if getattr(error, "__notes__", None):
        text += f" notes {error.__notes__}"
    if depth > 0:
        if error.__cause__ is not None:
            text += f" from ({exception_shown(error.__cause__, depth - 1)})"
        elif error.__context__ is not None:
            text += f" in ({exception_shown(error.__context__, depth - 1)}){' no' if error.__suppress_context__ else ''}"
    return text


def log(*what):
    if len(Run.log) < 1000:
        Run.log.append(" ".join(what))


def t(*args, **named):
    """Logs its arguments; the first one is the result."""
    tick()
    log("t", ", ".join([shown(x) for x in args] + [f"{k}={shown(v)}" for k, v in named.items()]))
    return args[0] if args else None


def n(value):
    """A small number for any value."""
    tick()
    kind = type(value)
    if kind is int or kind is bool or kind is float:
        return value if abs(value) < 10**6 else 6
    if kind is W:
        return value.v
    return len(value) if kind in (str, list, tuple, dict, bytes) else 3


def q(value):
    """A short list for any value."""
    tick()
    return list(value)[:3] if type(value) in (list, tuple, str, dict, range) else [value, 2]


def k(value, depth=2):
    """The value, or something small for it if it is deep: programs must not double what they have time after time."""
    kind = type(value)
    if kind in (list, tuple, dict):
        if depth == 0 or len(value) > 5:
            return len(value)
        for x in value.values() if kind is dict else value:
            if k(x, depth - 1) is not x:
                return len(value)
    elif kind is str and len(value) > 20 or kind is int and abs(value) > 10**12:
        return 5
    return value


class O:
    """Has attributes."""
    x = 0

    def __init__(self, **named):
        self.__dict__.update(named)

    def m(self, *args, **named):
        return t("m", *args, **named)

    def __repr__(self):
        return "O()"


class W:
    """Its operators are logged."""
    __match_args__ = ("v", "twice")

    def __init__(self, v=0):
        self.v = n(v)

    twice = property(lambda self: 2 * self.v)

    def __repr__(self):
        return f"W({self.v})"

    def __bool__(self):
        log("bool", repr(self))
        if self.v == 13:
            raise ValueError("bool")
        return self.v % 2 == 1

    def __iter__(self):
        log("iter", repr(self))
        for i in range(min(abs(int(self.v)), 3)):
            tick()
            yield i

    def __contains__(self, item):
        log("contains", repr(self), shown(item))
        return item == self.v

    def __getitem__(self, key):
        log("getitem", repr(self), shown(key))
        if key == 9:
            raise KeyError(key)
        return key

    def __setitem__(self, key, value):
        log("setitem", repr(self), shown(key), shown(value))

    def __delitem__(self, key):
        log("delitem", repr(self), shown(key))

    def __call__(self, *args, **named):
        return t(self, *args, **named)

    def __enter__(self):
        log("enter", repr(self))
        return self

    def __exit__(self, kind, value, trace):
        log("exit", repr(self), kind.__name__ if kind else "-")
        return self.v == 1

    def __format__(self, spec):
        return f"W:{spec}"


def add_operators():
    def binary(name, forward):
        def method(self, other):
            tick()
            log(name, repr(self), shown(other))
            if type(other) not in (int, bool, W):
                return NotImplemented
            return W(self.v + 1 if forward else self.v - 1)
        method.__name__ = name
        return method

    for stem in "add sub mul floordiv truediv mod pow lshift rshift and or xor matmul".split():
        setattr(W, f"__{stem}__", binary(f"__{stem}__", True))
        setattr(W, f"__r{stem}__", binary(f"__r{stem}__", False))
    for stem in ("lt", "le", "gt", "ge"):
        def compare(self, other, stem=stem):
            log(stem, repr(self), shown(other))
            return (self.v < other.v) == (stem < "h") if type(other) is W else NotImplemented
        setattr(W, f"__{stem}__", compare)
    for stem in ("neg", "pos", "invert"):
        def unary(self, stem=stem):
            log(stem, repr(self))
            return W(-self.v)
        setattr(W, f"__{stem}__", unary)

    def iadd(self, other):
        log("iadd", repr(self), shown(other))
        self.v += 1
        return self
    W.__iadd__ = iadd


add_operators()


class cm:
    """A context manager; with the value 1 it swallows exceptions, with 13 and 14 it raises them."""

    def __init__(self, v=None):
        self.v = v

    def __enter__(self):
        log("enter", shown(self.v))
        if self.v == 13:
            raise KeyError("enter")
        return self.v

    def __exit__(self, kind, value, trace):
        log("exit", shown(self.v), exception_shown(value) if kind else "-")
        if self.v == 14:
            raise IndexError("exit")
        return self.v == 1

    async def __aenter__(self):
        await aw(1)
        return self.__enter__()

    async def __aexit__(self, *what):
        await aw(2)
        return self.__exit__(*what)


class closed:
    """Closes a generator at the end: that it happens later without is permitted."""

    def __init__(self, generator):
        self.generator = generator

    def __enter__(self):
        return self.generator

    def __exit__(self, *what):
        close = getattr(self.generator, "close", None)
        if close:
            close()


class aclosed(closed):
    async def __aenter__(self):
        return self.generator

    async def __aexit__(self, *what):
        close = getattr(self.generator, "aclose", None)
        if close:
            await close()


class aw:
    """Can be waited for: the driver gets the value, and sends one back."""

    def __init__(self, v):
        self.v = v

    def __await__(self):
        tick()
        return (yield self.v)


class aiter_of:
    def __init__(self, v):
        self.items = q(v)

    def __aiter__(self):
        return self

    async def __anext__(self):
        tick()
        if not self.items:
            raise StopAsyncIteration
        await aw("next")
        return self.items.pop(0)


def drive(coroutine, script=()):
    """Runs a coroutine to its end; what it waits for is logged. The script says where exceptions are thrown in."""
    i, what = 0, None
    try:
        while True:
            tick()
            if i in script:
                got = coroutine.throw(KeyError("thrown"))
            else:
                got = coroutine.send(what)
            log("awaits", shown(got))
            what = i
            i += 1
    except StopIteration as e:
        return e.value
    finally:
        coroutine.close()


def steer(generator, script):
    """Sends values and exceptions into a generator; what comes out is the result."""
    out = []
    try:
        out.append(next(generator))
        for word in script:
            tick()
            if word == "throw":
                out.append(generator.throw(ValueError("thrown")))
            elif word == "stop":
                out.append(generator.throw(StopIteration(1)))
            elif word == "close":
                out.append(generator.close())
            else:
                out.append(generator.send(word))
    except StopIteration as e:
        out.append(("ended", e.value))
    finally:
        generator.close()
    return out


def deco(*marks, **named):
    def decorate(what):
        log("deco", shown(marks), shown(named), getattr(what, "__name__", "?"))
        return what
    return decorate


def exc():
    """The exception that is being handled."""
    error = sys.exc_info()[1]
    return f"{type(error).__name__}: {without_addresses(str(error))}" if error is not None else "-"


def bound(names):
    """Names and values of locals() that the program has made itself."""
    return [(name, shown(value, 1)) for name, value in sorted(names.items()) if not name.startswith("__") and name not in HELPERS]


NAMES = "t n q k O W cm closed aclosed aw aiter_of drive steer deco exc bound Enough"
HELPERS = {name: globals()[name] for name in NAMES.split()}


def too_long(*_):
    raise Enough("time")


def traced(frame, event, argument):
    """Logs what sys.settrace() tells of the program."""
    code = frame.f_code
    late = inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR | inspect.CO_COROUTINE  # those may be closed late, which is told
    if code.co_filename != "<program>" or code.co_flags & late:
        return None
    if argument is not None and event != "call":
        argument = argument[0].__name__ if event == "exception" else shown(argument, 1)
    log(event, code.co_name, str(frame.f_lineno), str(argument))
    return traced


def show_code(code):
    """Another interpreter may make up what a code object shows of its instructions: that has to work."""
    code.co_code, code.co_exceptiontable, list(code.co_positions())
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            show_code(constant)


def outcome(source):
    Run.log, Run.steps = [], 0
    module = types.ModuleType("program")
    space = module.__dict__
    space.update(HELPERS)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ended = "fine"
        signal.setitimer(signal.ITIMER_VIRTUAL, 5)
        try:
            code = compile(source, "<program>", "exec")
            if "trace" in sys.argv:
                sys.settrace(traced)
            try:
                exec(code, space)
            finally:
                sys.settrace(None)
            show_code(code)
        except BaseException as e:
            ended = exception_shown(e)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    told = [(type(w.message).__name__, without_addresses(str(w.message)), w.lineno) for w in caught
            if w.category is not RuntimeWarning]
    return {"ended": ended, "log": Run.log, "variables": bound(space), "warnings": sorted(set(told))}


def main():
    signal.signal(signal.SIGVTALRM, too_long)
    given = os.fdopen(os.dup(0), encoding="utf-8")
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 0)
    os.dup2(quiet, 1)
    sys.unraisablehook = lambda *_: None
    gc.disable()
    for i, line in enumerate(given):
        output.write(json.dumps(outcome(json.loads(line))) + "\n")
        output.flush()
        if i % 50 == 49:
            gc.collect()


if __name__ == "__main__":
    main()
