# Exception groups and except*.


def error(f):
    try:
        f()
    except BaseException as e:
        return type(e).__name__ + ": " + str(e)
    return "no error"


def expect(f, text):
    got = error(f)
    assert got == text, (got, text)


expect(lambda: BaseExceptionGroup(), "TypeError: BaseExceptionGroup.__new__() takes exactly 2 arguments (0 given)")
expect(lambda: BaseExceptionGroup(1, 2), "TypeError: BaseExceptionGroup.__new__() argument 1 must be str, not int")
expect(lambda: BaseExceptionGroup("1", 2), "TypeError: second argument (exceptions) must be a sequence")
expect(lambda: ExceptionGroup("1", []), "ValueError: second argument (exceptions) must be a non-empty sequence")
expect(lambda: ExceptionGroup("1", [KeyboardInterrupt()]), "TypeError: Cannot nest BaseExceptions in an ExceptionGroup")
expect(lambda: ExceptionGroup("1", [ValueError]), "ValueError: Item 0 of second argument (exceptions) is not an exception")

assert ExceptionGroup.__bases__ == (BaseExceptionGroup, Exception)
assert ExceptionGroup.__mro__ == (ExceptionGroup, BaseExceptionGroup, Exception, BaseException, object)
v, t = ValueError(1), TypeError(2)
g = BaseExceptionGroup("msg", [v, t])
assert type(g) is ExceptionGroup and g.message == "msg" and g.exceptions == (v, t)
assert str(g) == "msg (2 sub-exceptions)" and repr(g) == "ExceptionGroup('msg', [ValueError(1), TypeError(2)])"
assert type(BaseExceptionGroup("m", [KeyboardInterrupt()])) is BaseExceptionGroup
assert str(ExceptionGroup("m", [v])) == "m (1 sub-exception)"

m, r = g.split(ValueError)
assert type(m) is ExceptionGroup and m.exceptions == (v,) and r.exceptions == (t,)
assert g.split(ExceptionGroup) == (g, None) and g.split(KeyError)[0] is None
assert g.subgroup((TypeError, KeyError)).exceptions == (t,)
assert g.subgroup(lambda e: e is v).exceptions == (v,)
expect(lambda: g.split(3), "TypeError: expected a function, exception type or tuple of exception types")
nested = ExceptionGroup("outer", [v, ExceptionGroup("inner", [t, KeyError(3)])])
m, r = nested.split(TypeError)
assert repr(m) == "ExceptionGroup('outer', [ExceptionGroup('inner', [TypeError(2)])])"
assert repr(r) == "ExceptionGroup('outer', [ValueError(1), ExceptionGroup('inner', [KeyError(3)])])"
g.add_note("note")
m, r = g.split(ValueError)
assert m.__notes__ == ["note"] and m.__notes__ is not g.__notes__


class MyGroup(ExceptionGroup):
    def __new__(cls, message, excs, code=0):
        self = super().__new__(cls, message, excs)
        self.code = code
        return self

    def derive(self, excs):
        return MyGroup(self.message, excs, self.code)


mg = MyGroup("m", [v, t], 7)
assert type(mg.subgroup(ValueError)) is MyGroup and mg.subgroup(ValueError).code == 7

# except*
log = []
try:
    raise ExceptionGroup("g", [v, t, KeyError("k")])
except* ValueError as e:
    log.append(repr(e))
except* (TypeError, OSError) as e:
    log.append(repr(e))
except* KeyError as e:
    log.append(repr(e))
assert log == ["ExceptionGroup('g', [ValueError(1)])", "ExceptionGroup('g', [TypeError(2)])", "ExceptionGroup('g', [KeyError('k')])"], log

try:
    try:
        raise ValueError("bare")
    except* ValueError as e:
        assert type(e) is ExceptionGroup and e.message == "" and repr(e.exceptions) == "(ValueError('bare'),)"
        raise
except ExceptionGroup as e:
    pass
else:
    assert False

try:
    try:
        raise ExceptionGroup("g", [v, t])
    except* ValueError:
        raise KeyError("new")
except ExceptionGroup as e:
    assert repr(e) == "ExceptionGroup('', [KeyError('new'), ExceptionGroup('g', [TypeError(2)])])", repr(e)

try:
    try:
        raise ExceptionGroup("g", [v, t])
    except* ValueError:
        pass
except ExceptionGroup as e:
    assert repr(e) == "ExceptionGroup('g', [TypeError(2)])"


def bad():
    try:
        raise ExceptionGroup("g", [v])
    except* ExceptionGroup:
        pass


try:
    bad()
except TypeError as e:
    assert str(e) == "catching ExceptionGroup with except* is not allowed. Use except instead."
