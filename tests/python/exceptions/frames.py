# Frames, tracebacks and code objects as Python sees them.
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


def outer(a, b=2, *args, c=3, **kw):
    x = 10
    frame = inner()
    del x
    return frame, frame.f_back


def inner():
    y = "local"
    return sys._getframe()


f, back = outer(1, 5, 6, k=7)
assert f.f_code is inner.__code__ and f.f_locals == {"y": "local"} and f.f_globals is globals()
assert back.f_code is outer.__code__ and back.f_locals["args"] == (6,) and back.f_locals["kw"] == {"k": 7} and "x" not in back.f_locals
assert back.f_back is sys._getframe() and sys._getframe().f_locals is globals()
assert f.f_builtins["len"] is len and f.f_trace is None and f.f_trace_lines is True and f.f_trace_opcodes is False
assert f.f_lineno == inner.__code__.co_firstlineno + 2
assert "<frame at 0x" in repr(f) and repr(f).endswith("code inner>")
expect(sys._getframe().clear, "RuntimeError: cannot clear an executing frame")
f.clear()
assert f.f_locals == {}
expect(lambda: setattr(f, "f_trace_lines", 3), "TypeError: attribute value type must be bool")


def cells():
    v = 1
    w = 2

    def g():
        return sys._getframe().f_locals, v

    u = g()[0]
    return u, sys._getframe().f_locals


got, mine = cells()
assert got == {"v": 1} and mine["v"] == 1 and mine["w"] == 2 and "g" in mine


class Body:
    z = 1
    here = sys._getframe().f_locals
    assert here["z"] == 1 and here["__qualname__"] == "Body"


# tracebacks
try:
    1 / 0
except ZeroDivisionError as e:
    tb = e.__traceback__
assert tb.tb_frame is sys._getframe() and tb.tb_next is None and tb.tb_lineno < sys._getframe().f_lineno
new = type(tb)(tb, tb.tb_frame, tb.tb_lasti, 77)
assert new.tb_next is tb and new.tb_lineno == 77 and dir(new) == ["tb_frame", "tb_lasti", "tb_lineno", "tb_next"]
expect(lambda: setattr(tb, "tb_next", new), "ValueError: traceback loop detected")
expect(lambda: setattr(tb, "tb_next", 3), "TypeError: expected traceback object, got 'int'")
expect(lambda: type(tb)(3, tb.tb_frame, 1, 1), "TypeError: expected traceback object or None, got 'int'")
new.tb_next = None
assert new.tb_next is None

# code
code = outer.__code__
assert (code.co_argcount, code.co_kwonlyargcount, code.co_posonlyargcount) == (2, 1, 0)
assert code.co_varnames == ("a", "b", "c", "args", "kw", "x", "frame") and code.co_nlocals == 7
assert code.co_name == "outer" and code.co_qualname == "outer" and code.co_filename == __file__
assert code.co_flags & 0x4F == 0x0F and code.co_freevars == () and code.co_cellvars == ()
assert cells.__code__.co_cellvars == ("v",) and cells.__code__.co_consts[0] is None
assert repr(code).startswith("<code object outer at 0x") and repr(code).endswith(f'file "{__file__}", line {code.co_firstlineno}>')
lines = [line for start, end, line in code.co_lines() if line is not None]
assert min(lines) - code.co_firstlineno in (0, 1) and max(lines) == code.co_firstlineno + 4
positions = list(code.co_positions())
assert all(len(p) == 4 for p in positions)
assert hash(code) == hash(code) and code == code.replace() and code != inner.__code__
new = code.replace(co_name="renamed", co_filename="elsewhere", co_firstlineno=500)
assert new.co_name == "renamed" and new.co_filename == "elsewhere" and new != code and new.co_varnames == code.co_varnames
assert [line for _, _, line in new.co_lines() if line is not None][0] in (500, 501)
expect(lambda: code.replace(co_x=1), "TypeError: 'co_x' is an invalid keyword argument for replace()")
expect(lambda: code.replace(co_argcount=-1), "ValueError: co_argcount must be a positive integer")


def constant():
    return 5


constant.__code__ = constant.__code__.replace(co_consts=tuple(6 if c == 5 else c for c in constant.__code__.co_consts))
assert constant() in (5, 6)
c = constant.__code__
again = type(c)(c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals, c.co_stacksize, c.co_flags, c.co_code, c.co_consts, c.co_names, c.co_varnames,
                c.co_filename, c.co_name, c.co_qualname, c.co_firstlineno, c.co_linetable, c.co_exceptiontable, c.co_freevars, c.co_cellvars)
assert again == c and list(again.co_positions()) == list(c.co_positions())


# the frame of a traceback keeps the locals of a frame that has ended
def fails(arg):
    local = [arg]
    raise ValueError


try:
    fails(3)
except ValueError as e:
    inner_frame = e.__traceback__.tb_next.tb_frame
assert inner_frame.f_locals == {"arg": 3, "local": [3]}
