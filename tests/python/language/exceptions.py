# Exceptions: try/except/else/finally in all orders, chaining, context, args, custom classes, re-raise, return in finally.
import sys

log = []


def flow(kind):
    log.clear()
    try:
        log.append('try')
        if kind == 'raise':
            raise ValueError('v')
        if kind == 'other':
            raise KeyError('k')
        if kind == 'return':
            return 'returned'
    except ValueError as e:
        log.append('except %s' % e)
    except (TypeError, KeyError):
        log.append('tuple')
    else:
        log.append('else')
    finally:
        log.append('finally')
    return 'end'


for kind in ('none', 'raise', 'other', 'return'):
    print(kind, flow(kind), log)


def finally_wins():
    try:
        return 1
    finally:
        return 2


def finally_swallows():
    for i in range(3):
        try:
            raise ValueError
        finally:
            if i == 0:
                continue
            break
    return i


def finally_value():
    x = 1
    try:
        return x
    finally:
        x = 2


assert finally_wins() == 2 and finally_swallows() == 1 and finally_value() == 1


def nested():
    out = []
    try:
        try:
            raise KeyError('first')
        except KeyError:
            try:
                raise ValueError('second')
            finally:
                out.append('inner finally')
        finally:
            out.append('outer finally')
    except ValueError as e:
        out.append((repr(e), repr(e.__context__), e.__cause__, e.__suppress_context__))
    return out


print(nested())
try:
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise RuntimeError('wrapped') from e
except RuntimeError as e:
    print(repr(e), repr(e.__cause__), e.__suppress_context__, e.__cause__ is e.__context__)
try:
    try:
        1 / 0
    except ZeroDivisionError:
        raise RuntimeError('alone') from None
except RuntimeError as e:
    print(e.__cause__, repr(e.__context__), e.__suppress_context__)

# The name is unbound after the handler.
try:
    raise ValueError
except ValueError as gone:
    pass
try:
    gone
except NameError as e:
    print(e)


def unbound_local():
    try:
        raise ValueError
    except ValueError as e:
        pass
    return e


try:
    unbound_local()
except UnboundLocalError as e:
    print(e)

# Bare raise, sys.exc_info, with_traceback.
def reraise():
    try:
        raise ValueError('again')
    except ValueError:
        assert sys.exc_info()[0] is ValueError
        raise


try:
    reraise()
except ValueError as e:
    names = []
    tb = e.__traceback__
    while tb:
        names.append((tb.tb_frame.f_code.co_name, tb.tb_lineno - tb.tb_frame.f_code.co_firstlineno))
        tb = tb.tb_next
    print(names[1:])
assert sys.exc_info() == (None, None, None)
try:
    raise
except RuntimeError as e:
    print(e)


# Classes of exceptions.
class Mine(Exception):
    def __init__(self, code, *rest):
        super().__init__(code, *rest)
        self.code = code

    def __str__(self): return 'Mine(%s)' % self.code


try:
    raise Mine(3, 'x')
except Exception as e:
    print(e, repr(e), e.args, e.code)
assert issubclass(Mine, Exception) and not issubclass(KeyboardInterrupt, Exception)
for bad in ('raise 3', 'raise "text"', 'raise None', 'raise int', 'raise ValueError from 3', 'raise ValueError("x") from int'):
    try:
        exec(bad)
    except TypeError as e:
        print(bad, '->', e)
try:
    try:
        raise ValueError('v')
    except 'not a class':
        pass
except TypeError as e:
    print(e, repr(e.__context__))
try:
    try:
        raise ValueError
    except (KeyError, 3):
        pass
except TypeError as e:
    print(e)


class Strange(Exception):
    def __new__(cls, *a): return 5 if a else super().__new__(cls)


try:
    raise Strange
except Strange as e:
    print(repr(e))

# Built-in exception details.
print(repr(KeyError('k')), str(KeyError('k')), str(KeyError('a', 'b')), repr(ValueError()), str(ValueError(1)),
        str(ValueError(1, 2)))
e = OSError(2, 'No such file', 'name')
print(type(e).__name__, e.errno, e.strerror, e.filename, str(e), e.args)
print(type(OSError(13, 'x')).__name__, type(OSError(17, 'x')).__name__, OSError('just text'), OSError(1, 'a', 'b', None, 'c'))
e = UnicodeDecodeError('utf-8', b'a\xff', 1, 2, 'invalid start byte')
print(e, e.encoding, e.object, e.start, e.end, e.reason)
print(UnicodeEncodeError('ascii', 'a\xe9\u1234', 1, 3, 'ordinal not in range(128)'))
e = SyntaxError('msg', ('file', 3, 5, 'text', 3, 9))
print(e, e.lineno, e.offset, e.end_offset, e.text, e.filename)
e = ImportError('m', name='n', path='p')
print(e, e.name, e.path)
e = StopIteration(5)
print(e.value, SystemExit(3).code, SystemExit().code, NameError('x', name='y').name, AttributeError('x', obj=3).obj)
try:
    import nothing_of_this_name
except ModuleNotFoundError as e:
    print(e, e.name)
try:
    from os import nothing_of_this_name
except ImportError as e:
    print(str(e).split(' (')[0], e.name)

# Notes.
e = ValueError('with notes')
e.add_note('first')
e.add_note('second')
print(e.__notes__)
try:
    e.add_note(3)
except TypeError as err:
    print(err)

# Context chains through handlers, functions and loops; a cycle is avoided.
def chain():
    try:
        raise ValueError(1)
    except ValueError:
        try:
            raise KeyError(2)
        except KeyError:
            raise IndexError(3)


try:
    chain()
except IndexError as e:
    parts = []
    while e:
        parts.append(repr(e))
        e = e.__context__
    print(parts)
try:
    try:
        raise ValueError('same')
    except ValueError as e:
        kept = e
        raise e
except ValueError as e:
    assert e is kept and e.__context__ is None

# RecursionError is an ordinary exception.
def forever(): return forever()


try:
    forever()
except RecursionError as e:
    print(str(e)[:32])

# An exception in __exit__, in a comprehension, in a default argument.
try:
    [1 / x for x in (1, 0)]
except ZeroDivisionError as e:
    print(e)
assert (lambda: [x for x in range(3)])() == [0, 1, 2]


def loop_finally():
    seen = []
    for i in range(5):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            seen.append(i)
        finally:
            seen.append('f%d' % i)
    else:
        seen.append('no')
    return seen


print(loop_finally())
while True:
    try:
        break
    finally:
        print('finally on break')
assert isinstance(EOFError(), Exception) and IOError is OSError and EnvironmentError is OSError
