# Small things about errors that programs made up at random found: places, arguments, and the order of names.
import itertools
import warnings


def entries(error):
    trace, found = error.__traceback__, []
    while trace:
        positions = itertools.islice(trace.tb_frame.f_code.co_positions(), trace.tb_lasti // 2, None)
        found.append((trace.tb_frame.f_code.co_name, trace.tb_lineno - trace.tb_frame.f_code.co_firstlineno, next(positions)[2:]))
        trace = trace.tb_next
    return found[1:]


def unbound_in_augmented():
    count += 1


def unbound_in_unpacking():
    a, b, c = a


def unbound_operand():
    if 1 + x:
        x = 2


def raise_nothing():
    raise


def raise_again():
    try:
        1 / 0
    except ZeroDivisionError:
        raise


for function in unbound_in_augmented, unbound_in_unpacking, unbound_operand, raise_nothing, raise_again:
    try:
        function()
    except Exception as e:
        print(function.__name__, type(e).__name__, e, entries(e))

# A place at the very end of the text is column 0, not None; nor is line 0 of an empty text.
for source in "", "1+", "1 +", "lambda", "a.", "(1":
    for mode in "eval", "single", "exec":
        try:
            compile(source, "<source>", mode)
        except SyntaxError as e:
            print(mode, e.args, e.lineno, e.offset, e.end_lineno, e.end_offset)

# Errors that are found before code is made have their place in attributes only.
for source in (
    "def f():\n nonlocal q", "def f(a, a): pass", "class A:\n global x\n x: int = 1", "[i := 1 for i in x]",
    "from __future__ import a", "def f(): from a import *", "x = 1\ndef f():\n  __debug__ = 1", "f(a=1, a=2)", "break",
    "class C: [i for i in (a := 1)]", "yield 1", "return", "[(yield 1) for i in x]",
    # Patterns in patterns.
    "match a:\n  case [b, int(x) | (1 | 2 | 'x') as x]: pass", "match a:\n  case [x, (1 | 2 | 'x') as x]: pass",
    "match a:\n  case [x, y] | [y, (1 | 2)]: pass",
    # Operands that are never evaluated.
    "1 or f(a=1, a=2)", "0 and (yield)", "1 or (lambda: (__debug__ := 1))", "x = 0 and 1 and f(a=1, a=2)",
):
    try:
        compile(source, "<source>", "exec")
        print("fine")
    except SyntaxError as e:
        print(e, e.args, e.lineno, e.offset, e.end_lineno, e.end_offset)

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    compile("a = 1 or 'k'(1)\nb = 0 and 2 is x and [1](2)", "<source>", "exec")
print([(str(w.message), w.lineno) for w in caught])


def never_bound(flag):
    1 or (value := 2)
    return flag and value


try:
    never_bound(True)
except UnboundLocalError as e:
    print(e)


# Locals are numbered in the order of their first use.
def walrus():
    if (a := c):
        c = d = 1
    return (e := d) + (f := g)
    g = 1


def groups():
    try:
        a = 1
    except* ValueError as b:
        c = 1
    else:
        d = 1
    finally:
        e = 1


def nested(p):
    (a, b), c = [d[e := p], f(g)], h
    d = f = g = h = 1


def annotated():
    x: int = y
    y = 1


print(annotated.__code__.co_varnames)
print(walrus.__code__.co_varnames, groups.__code__.co_varnames, nested.__code__.co_varnames)


def all_ways_through(what):
    try:
        if what:
            raise ExceptionGroup("group", [what])
    except* ValueError as error:
        print("handled", error.exceptions)
    except* KeyError:
        print("key")
    else:
        print("else")
        if what is None:
            raise TypeError("from else")
    print("after")


for what in ValueError(1), KeyError(2), (), None:
    try:
        all_ways_through(what)
    except TypeError as e:
        print(e, e.__context__, entries(e))
