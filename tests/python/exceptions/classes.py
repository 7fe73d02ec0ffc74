# Construction, attributes and texts of the built-in exceptions.


def error(f):
    try:
        f()
    except BaseException as e:
        return type(e).__name__ + ": " + str(e)
    return "no error"


def expect(f, text):
    got = error(f)
    assert got == text, (got, text)


e = ValueError("a", 2)
assert e.args == ("a", 2) and str(e) == "('a', 2)" and repr(e) == "ValueError('a', 2)"
assert str(ValueError()) == "" and repr(ValueError()) == "ValueError()" and repr(ValueError(1)) == "ValueError(1)"
expect(lambda: ValueError(x=1), "TypeError: ValueError() takes no keyword arguments")
assert ValueError.__mro__ == (ValueError, Exception, BaseException, object)
assert "__init__" in ValueError.__dict__ and "__new__" in ValueError.__dict__


class Sub(ValueError):
    def __init__(self, a, b=3):
        super().__init__(a)
        self.b = b


s = Sub(1, b=5)
assert s.args == (1,) and s.b == 5 and str(s) == "1" and repr(s) == "Sub(1)"
assert s.__reduce__() == (Sub, (1,), {"b": 5})
assert ValueError(1).__reduce__() == (ValueError, (1,))
s.__setstate__({"c": 7})
assert s.c == 7
expect(lambda: s.__setstate__(3), "TypeError: state is not a dictionary")

# attributes of BaseException
e = Exception()
assert e.__traceback__ is None and e.__context__ is None and e.__cause__ is None and e.__suppress_context__ is False
expect(lambda: setattr(e, "__traceback__", 3), "TypeError: __traceback__ must be a traceback or None")
expect(lambda: delattr(e, "__traceback__"), "TypeError: __traceback__ may not be deleted")
expect(lambda: setattr(e, "__context__", 3), "TypeError: exception context must be None or derive from BaseException")
expect(lambda: setattr(e, "__cause__", 3), "TypeError: exception cause must be None or derive from BaseException")
expect(lambda: delattr(e, "__cause__"), "TypeError: __cause__ may not be deleted")
expect(lambda: delattr(e, "__context__"), "TypeError: __context__ may not be deleted")
expect(lambda: delattr(e, "args"), "TypeError: args may not be deleted")
expect(lambda: setattr(e, "args", 3), "TypeError: 'int' object is not iterable")
expect(lambda: setattr(e, "__suppress_context__", 3), "TypeError: attribute value type must be bool")
e.__cause__ = ValueError()
assert e.__suppress_context__ is True
e.args = [1, 2]
assert e.args == (1, 2)
assert e.with_traceback(None) is e
e.foo = 1
assert e.__dict__ == {"foo": 1}
e.add_note("n1")
e.add_note("n2")
assert e.__notes__ == ["n1", "n2"]
expect(lambda: e.add_note(3), "TypeError: note must be a str, not 'int'")
e.__notes__ = 3
expect(lambda: e.add_note("x"), "TypeError: Cannot add note: __notes__ is not a list")

# StopIteration, SystemExit
assert StopIteration().value is None and StopIteration(3).value == 3 and StopIteration(3, 4).value == 3
e = StopIteration(1)
e.args = (2,)
assert e.value == 1
e.value = 9
assert e.value == 9
assert SystemExit().code is None and SystemExit(3).code == 3 and SystemExit(3, 4).code == (3, 4)

# KeyError, ImportError, NameError, AttributeError
assert str(KeyError("a")) == "'a'" and str(KeyError("a", "b")) == "('a', 'b')" and str(KeyError()) == ""
e = ImportError("m", name="n", path="p")
assert (e.msg, e.name, e.path, str(e)) == ("m", "n", "p", "m")
assert e.__reduce__() == (ImportError, ("m",), {"name": "n", "path": "p"})
assert ImportError("a", "b").msg is None
expect(lambda: ImportError("a", x=1), "TypeError: 'x' is an invalid keyword argument for ImportError()")
expect(lambda: NameError("a", x=1), "TypeError: 'x' is an invalid keyword argument for NameError()")
expect(lambda: AttributeError("a", x=1), "TypeError: 'x' is an invalid keyword argument for AttributeError()")
assert NameError("a", name="b").name == "b" and NameError().name is None
e = AttributeError("a", name="b", obj=3)
assert (e.name, e.obj) == ("b", 3)
try:
    (3).foo
except AttributeError as e:
    assert (e.name, e.obj, str(e)) == ("foo", 3, "'int' object has no attribute 'foo'")
try:
    undefined_name
except NameError as e:
    assert e.name == "undefined_name" and str(e) == "name 'undefined_name' is not defined"

# OSError
e = OSError(2, "No such file")
assert type(e) is FileNotFoundError and e.errno == 2 and e.strerror == "No such file" and e.filename is None
assert str(e) == "[Errno 2] No such file" and e.args == (2, "No such file")
e = OSError(2, "x", "f")
assert e.filename == "f" and e.args == (2, "x") and str(e) == "[Errno 2] x: 'f'"
assert e.__reduce__() == (FileNotFoundError, (2, "x", "f"))
e = OSError(2, "x", "f", None, "g")
assert (e.filename, e.filename2) == ("f", "g") and str(e) == "[Errno 2] x: 'f' -> 'g'"
assert e.__reduce__() == (FileNotFoundError, (2, "x", "f", None, "g"))
e = OSError("only")
assert e.errno is None and str(e) == "only"
assert OSError(1, 2, 3, 4, 5, 6).args == (1, 2, 3, 4, 5, 6) and OSError(2, 3, None, 5, 6).args == (2, 3, None, 5, 6)
assert type(OSError(11, "x")) is BlockingIOError and type(OSError(32, "x")) is BrokenPipeError and type(OSError(1, "")) is PermissionError
e = BlockingIOError(1, "2", 3)
assert e.filename is None and e.characters_written == 3 and e.args == (1, "2", 3)
expect(lambda: BlockingIOError().characters_written, "AttributeError: characters_written")


class MyOS(OSError):
    def __init__(self, name):
        super().__init__(2, "my", name)


e = MyOS("q")
assert e.filename == "q" and e.errno == 2 and e.args == (2, "my")


class Both(OSError, ValueError):
    pass


assert issubclass(Both, ValueError) and Both(2, "x").errno == 2


def conflict():
    class X(OSError, SyntaxError):
        pass


expect(conflict, "TypeError: multiple bases have instance lay-out conflict")

# SyntaxError
e = SyntaxError("m", ("dir/f.py", 3, 4, "text", 5, 6))
assert (e.msg, e.filename, e.lineno, e.offset, e.text, e.end_lineno, e.end_offset) == ("m", "dir/f.py", 3, 4, "text", 5, 6)
assert str(e) == "m (f.py, line 3)" and e.print_file_and_line is None
assert str(SyntaxError("m", (None, 3, 4, "t"))) == "m (line 3)" and str(SyntaxError("m", ("f", None, 4, "t"))) == "m (f)"
assert str(SyntaxError()) == "None" and str(SyntaxError("q")) == "q"
expect(lambda: SyntaxError("m", (1, 2, 3)), "TypeError: function takes at least 4 arguments (3 given)")
expect(lambda: SyntaxError("m", (1, 2, 3, 4, 5, 6, 7)), "TypeError: function takes at most 6 arguments (7 given)")
expect(lambda: SyntaxError("m", (1, 2, 3, 4, 5)), "TypeError: end_offset must be provided when end_lineno is provided")

# Unicode errors
e = UnicodeEncodeError("ascii", "a\xe9b", 1, 2, "bad")
assert str(e) == "'ascii' codec can't encode character '\\xe9' in position 1: bad"
assert str(UnicodeEncodeError("ascii", "a\u20acb", 1, 2, "bad")) == "'ascii' codec can't encode character '\\u20ac' in position 1: bad"
assert str(UnicodeEncodeError("ascii", "\U0001f600b", 0, 1, "bad")) == "'ascii' codec can't encode character '\\U0001f600' in position 0: bad"
assert str(UnicodeEncodeError("ascii", "abc", 0, 2, "bad")) == "'ascii' codec can't encode characters in position 0-1: bad"
e = UnicodeDecodeError("utf-8", b"\xff\xfe", 0, 1, "bad")
assert str(e) == "'utf-8' codec can't decode byte 0xff in position 0: bad" and e.object == b"\xff\xfe"
e.end = 2
assert str(e) == "'utf-8' codec can't decode bytes in position 0-1: bad"
assert UnicodeDecodeError("a", bytearray(b"xy"), 0, 1, "r").object == b"xy"
e = UnicodeTranslateError("a\xe9", 1, 2, "bad")
assert str(e) == "can't translate character '\\xe9' in position 1: bad"
expect(lambda: UnicodeEncodeError(), "TypeError: function takes exactly 5 arguments (0 given)")
expect(lambda: UnicodeEncodeError(1, 2, 3, 4, 5), "TypeError: argument 1 must be str, not int")
expect(lambda: UnicodeDecodeError("a", "b", 1, 2, "x"), "TypeError: a bytes-like object is required, not 'str'")
expect(lambda: setattr(e, "start", "x"), "TypeError: an integer is required")
e = UnicodeDecodeError.__new__(UnicodeDecodeError)
assert e.start == 0 and e.encoding is None and str(e) == ""

# __new__ checks
expect(lambda: BaseException.__new__(int), "TypeError: BaseException.__new__(int): int is not a subtype of BaseException")
expect(lambda: BaseException.__new__(OSError), "TypeError: BaseException.__new__(OSError) is not safe, use OSError.__new__()")
expect(lambda: ValueError.__new__(TypeError), "TypeError: ValueError.__new__(TypeError): TypeError is not a subtype of ValueError")


# raising, chaining
def chain():
    try:
        1 / 0
    except ZeroDivisionError:
        raise KeyError("k")


try:
    chain()
except KeyError as e:
    assert type(e.__context__) is ZeroDivisionError and e.__cause__ is None
try:
    raise ValueError from KeyError
except ValueError as e:
    assert type(e.__cause__) is KeyError and e.__suppress_context__
expect(lambda: (_ for _ in ()).throw(3), "TypeError: exceptions must be classes or instances deriving from BaseException, not int")


def raise_int():
    raise 3


def raise_from_int():
    raise ValueError from 3


expect(raise_int, "TypeError: exceptions must derive from BaseException")
expect(raise_from_int, "TypeError: exception causes must derive from BaseException")


def bare():
    raise


expect(bare, "RuntimeError: No active exception to reraise")
