# Handlers of exceptions in code that runs often: which is chosen, what is handled meanwhile, and in generators.
# timeout: 120
import sys


class Base(Exception):
    pass


class Left(Base):
    pass


class Right(Base):
    pass


class Both(Left, Right):
    pass


class Meta(type):
    def __instancecheck__(cls, x):
        return True


class Odd(Exception, metaclass=Meta):
    pass


RAISED = [Base, Left, Right, Both, Odd, ValueError, KeyError, IndexError, KeyboardInterrupt, StopIteration]


def chosen(kinds, n):
    out = []
    for i in range(n):
        kind = kinds[i % len(kinds)]
        try:
            raise kind(i)
        except Right as e:
            out.append(('Right', sys.exc_info()[1] is e))
        except (Left, LookupError) as e:
            out.append(('Left or lookup', type(e).__name__))
        except Odd:
            out.append('Odd')
        except Exception as e:
            out.append(('Exception', e.args))
        except:
            out.append(('other', sys.exc_info()[0].__name__))
        if sys.exc_info() != (None, None, None):
            out.append('wrong')
    return out


for _ in range(3):
    last = chosen(RAISED, 1000)
print(last[-10:], 'wrong' in last)


def nested(n):
    out = []
    for i in range(n):
        try:
            try:
                1 // (i % 3)
                [][i % 2]
            except ZeroDivisionError as outer:
                try:
                    raise Left(i)
                except Right:
                    out.append('never')
                except Base as e:
                    out.append((str(sys.exc_info()[1]), e.__context__ is outer))
                out.append(type(sys.exc_info()[1]).__name__)
                if i % 2:
                    raise
                raise Both from outer
            finally:
                out.append(str(sys.exc_info()[1]))
        except (ZeroDivisionError, Right) as e:
            out.append((type(e).__name__, type(e.__cause__).__name__))
        except IndexError:
            out.append('index')
    return out[-24:]


for _ in range(3):
    print(nested(1002))


# The class that is named changes its meaning.
def named(n):
    hits = 0
    for i in range(n):
        try:
            raise Left(1.5)
        except Wanted:
            hits += 1
        except Base as e:
            hits += e.args[0]
    return hits


Wanted = Left
print(named(1500))
for Wanted in (Right, Base, (), (Right, Left), Odd, Both):
    print(named(3))
for Wanted in (5, object, (Right, 5), None):
    try:
        print(named(3))
    except TypeError as e:
        print(e)


# Generators keep what they handle.
def yields(n):
    for i in range(n):
        try:
            raise Left(i)
        except Left as e:
            yield type(sys.exc_info()[1]).__name__, e.args
        yield sys.exc_info()[0]


def drives(n):
    out = []
    g = yields(n)
    for x in g:
        try:
            raise KeyError(1)
        except KeyError:
            out.append((x, sys.exc_info()[0].__name__, next(g)))
        out.append(sys.exc_info()[0])
    return out[-2:]


print(drives(1000), drives(3))


# Facts about other variables outlive a handler.
def floats(n):
    x, y, k = 0.5, 1.25, 0
    for i in range(n):
        y = y * 0.5 + x
        k = k + i
        try:
            if i % 2:
                raise Right(k)
            x = x + y
        except Left:
            x = 0.0
        except Right as e:
            x = y - x
            k = k - e.args[0] + i
        x = x * 0.75 + y
    return x, y, k


print(floats(10), floats(3000))


def recursive(n):
    try:
        return recursive(n + 1)
    except RecursionError as e:
        return n > 500 and type(sys.exc_info()[1]) is RecursionError


print([recursive(0) for _ in range(5)])
print('done')
