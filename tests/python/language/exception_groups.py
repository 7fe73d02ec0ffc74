# ExceptionGroup and except*.

eg = ExceptionGroup('top', [ValueError(1), KeyError('k'), ExceptionGroup('sub', [TypeError('t'), ValueError(2)])])
print(repr(eg), str(eg), eg.message, len(eg.exceptions))


def show(e, depth=0):
    print('  ' * depth + type(e).__name__, e)
    for x in getattr(e, 'exceptions', ()):
        show(x, depth + 1)


match, rest = eg.split(ValueError)
show(match)
show(rest)
show(eg.subgroup((KeyError, TypeError)))
print(eg.subgroup(OSError), eg.split(lambda e: True)[1])
show(eg.subgroup(lambda e: 'k' in str(e)))
show(eg.derive([OSError(5)]))

log = []


def run(exc):
    log.clear()
    try:
        raise exc
    except* ValueError as g:
        log.append(('V', [str(x) for x in g.exceptions]))
    except* (KeyError, TypeError) as g:
        log.append(('KT', len(g.exceptions)))
    else:
        log.append('else')
    finally:
        log.append('finally')
    return list(log)


print(run(eg))
print(run(ValueError('plain')))
try:
    run(ExceptionGroup('g', [OSError('left'), ValueError('taken')]))
except ExceptionGroup as left:
    print('left over', left, [repr(x) for x in left.exceptions], log)


def nothing():
    try:
        pass
    except* ValueError:
        return_ = 1
    else:
        return 'else ran'


print(nothing())

# Raising in handlers collects.
try:
    try:
        raise ExceptionGroup('g', [ValueError(1), TypeError(2), OSError(3)])
    except* ValueError:
        raise KeyError('new')
    except* TypeError as t:
        raise
except ExceptionGroup as e:
    show(e)
try:
    try:
        raise ValueError('naked')
    except* ValueError as g:
        raise RuntimeError('r') from g
except RuntimeError as e:
    print('single', repr(e), repr(e.__cause__))
except ExceptionGroup as e:
    show(e)
    print(repr(e.exceptions[0].__cause__))

# BaseExceptionGroup.
b = BaseExceptionGroup('b', [KeyboardInterrupt(), ValueError()])
print(type(b).__name__, type(BaseExceptionGroup('x', [ValueError()])).__name__, isinstance(b, Exception))
for bad in (lambda: ExceptionGroup('x', []), lambda: ExceptionGroup('x', [3]), lambda: ExceptionGroup('x', 5),
            lambda: ExceptionGroup(1, [ValueError()]),
            lambda: ExceptionGroup('x', [KeyboardInterrupt()]), lambda: ExceptionGroup('x')):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
for source in ('try: pass\nexcept* ExceptionGroup: pass', ):
    exec(source)
try:
    try:
        raise ExceptionGroup('g', [ValueError()])
    except* ExceptionGroup:
        pass
except TypeError as e:
    print(e)


class Custom(ExceptionGroup):
    def derive(self, excs): return Custom(self.message, excs)


c = Custom('c', [ValueError(1), KeyError(2)])
print(type(c.split(ValueError)[0]).__name__, type(c.subgroup(KeyError)).__name__)
c.add_note('note')
assert c.split(ValueError)[0].__notes__ == ['note']
try:
    raise c
except* KeyError as k:
    print(repr(k))
except* ValueError as v:
    print(repr(v))


def in_loop():
    seen = []
    for i in range(3):
        try:
            raise ExceptionGroup('g', [ValueError(i)] if i % 2 else [TypeError(i)])
        except* ValueError:
            seen.append(('V', i))
        except* TypeError:
            seen.append(('T', i))
    return seen


print(in_loop())
