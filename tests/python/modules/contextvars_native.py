# _contextvars: variables, contexts, tokens.
import _contextvars
from _contextvars import Context, ContextVar, Token, copy_context


def error(f):
    try:
        f()
    except BaseException as e:
        return type(e).__name__ + ": " + str(e)
    return "no error"


def expect(f, text):
    got = error(f)
    assert got == text, (got, text)


v = ContextVar("v")
d = ContextVar("d", default=5)
assert v.name == "v" and repr(v).startswith("<ContextVar name='v' at 0x") and repr(d).startswith("<ContextVar name='d' default=5 at 0x")
assert d.get() == 5 and d.get(6) == 6 and v.get(1) == 1
try:
    v.get()
except LookupError as e:
    assert e.args == (v,)
expect(lambda: ContextVar(3), "TypeError: context variable name must be a str")
t = v.set(10)
assert v.get() == 10 and t.var is v and t.old_value is Token.MISSING and repr(Token.MISSING) == "<Token.MISSING>"
assert repr(t).startswith("<Token var=<ContextVar name='v' at 0x")
t2 = v.set(11)
assert t2.old_value == 10
v.reset(t2)
assert v.get() == 10 and repr(t2).startswith("<Token used var=")
expect(lambda: v.reset(t2), f"RuntimeError: {t2!r} has already been used once")
expect(lambda: d.reset(t), f"ValueError: {t!r} was created by a different ContextVar")
expect(lambda: v.reset(3), "TypeError: expected an instance of Token, got 3")
expect(Token, "RuntimeError: Tokens can only be created by ContextVars")

c = copy_context()
assert c[v] == 10 and v in c and d not in c and len(c) == 1 and list(c) == [v] and list(c.items()) == [(v, 10)]
assert list(c.keys()) == [v] and list(c.values()) == [10] and c.get(d) is None and c.get(d, 3) == 3
expect(lambda: c["x"], "TypeError: a ContextVar key was expected, got 'x'")
try:
    c[d]
except KeyError as e:
    assert e.args == (d,)


def inside(a, b=0):
    assert v.get() == 10
    v.set(20)
    d.set(21)
    expect(lambda: c.run(print), f"RuntimeError: cannot enter context: {c!r} is already entered")
    expect(lambda: v.reset(t), f"ValueError: {t!r} was created in a different Context")
    return a + b


assert c.run(inside, 1, b=2) == 3
assert v.get() == 10 and d.get() == 5 and c[v] == 20 and c[d] == 21
e = c.copy()
assert e == c and e is not c and not (e == 3)
e.run(lambda: v.set(30))
assert e != c and c[v] == 20 and e[v] == 30
expect(lambda: Context(1), "TypeError: Context() does not accept any arguments")
expect(lambda: c.run(), "TypeError: run() missing 1 required positional argument")
expect(lambda: hash(c), "TypeError: unhashable type: '_contextvars.Context'")
expect(lambda: type("X", (ContextVar,), {}), "TypeError: type '_contextvars.ContextVar' is not an acceptable base type")
v.reset(t)
expect(lambda: v.get(), f"LookupError: {v!r}")
