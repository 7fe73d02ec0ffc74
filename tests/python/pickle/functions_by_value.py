# Functions pickled by value, as cloudpickle and dill do, run in a process that has never compiled them.
import dis
import inspect
import pickle
import random
import subprocess
import sys
import types

PARTS = ('argcount posonlyargcount kwonlyargcount nlocals stacksize flags code consts names varnames filename name qualname '
         'firstlineno linetable exceptiontable freevars cellvars').split()


def parts_of(code):
    return [parts_of(p) if isinstance(p, types.CodeType) else ['tuple', [parts_of(c) if isinstance(c, types.CodeType) else c
                                                                          for c in p]] if name == 'consts' else p
            for name, p in ((name, getattr(code, 'co_' + name)) for name in PARTS)]


def code_from(parts):
    parts = list(parts)
    at = PARTS.index('consts')
    parts[at] = tuple(code_from(c) if isinstance(c, list) else c for c in parts[at][1])
    return types.CodeType(*parts)


READER = '''
import pickle, sys, types, traceback
PARTS = %r
%s
namespace = {'__builtins__': __builtins__, 'other': 5}
for name, parts, defaults, arguments in pickle.load(sys.stdin.buffer):
    code = code_from(parts)
    assert parts_of(code) == parts, name
    function = types.FunctionType(code, namespace, name, defaults)
    namespace[name] = function
    try:
        result = function(*arguments)
        print(name, list(result) if isinstance(result, types.GeneratorType) else result)
    except Exception as e:
        frame = traceback.extract_tb(e.__traceback__)[-1]
        print(name, type(e).__name__, e, frame.lineno - code.co_firstlineno, frame.name, frame.colno, frame.end_colno)
'''

SOURCES = '''
def plain(x, y=3, /, *rest, **named):
    return x * 100000 + y, rest, named
def closures(n):
    def add(m):
        nonlocal total
        total += m * n
        return total
    total = 0
    return [add(i) for i in range(5)]
def generates(n):
    for i in range(n):
        try:
            yield i
        finally:
            other
def handles(text):
    try:
        return int(text)
    except ValueError as e:
        return 'no: %s' % e
    finally:
        with open('/dev/null') as f:
            f.read()
def fails(a):
    b = a + 1

    return (b
            / (a - a))
def uses_global(k):
    global made
    made = other + k
    class Inner:
        value = made
        def show(self): return self.value, __class__.__name__
    return Inner().show(), {i: j for i, j in zip('ab', (1, 2))}, f'{made!r:>5}', [*range(3)], 12345678901234567890, (1, 'x', 2.5)
def matches(v):
    match v:
        case {'a': [x, *_]}: return x
        case _: return None
'''


def write():
    names = {}
    exec(SOURCES, names)
    chosen = [('plain', (1,)), ('plain', (1, 2, 9)), ('closures', (3,)), ('generates', (4,)), ('handles', ('x',)), ('handles', ('12',)),
              ('fails', (7,)), ('uses_global', (2,)), ('matches', ({'a': [1, 2]},))]
    out = []
    for name, arguments in chosen:
        f = names[name]
        out.append((name, parts_of(f.__code__), f.__defaults__, arguments))
    return out


def source_of(*functions):
    return '\n'.join(inspect.getsource(f) for f in functions)


data = pickle.dumps(write())
reader = READER % (PARTS, source_of(parts_of, code_from))
done = subprocess.run([sys.executable, '-c', reader], input=data, stdout=subprocess.PIPE)
print(done.returncode)
print(done.stdout.decode())

# Here, too, all that a code object shows is enough to make an equal one.
namespace = {}
exec(SOURCES, namespace)
functions = [f for f in namespace.values() if isinstance(f, types.FunctionType)]
for f in functions:
    code = f.__code__
    copy = code_from(parts_of(code))
    print(f.__name__, copy == code, hash(copy) == hash(code), list(copy.co_positions()) == list(code.co_positions()),
          copy.co_exceptiontable == code.co_exceptiontable,
          code.replace(co_linetable=code.co_linetable, co_exceptiontable=code.co_exceptiontable) == code,
          code.replace(co_filename='elsewhere').co_filename)
    # Who reads the table finds the entries of it and nothing else.
    size = len(code.co_code)
    print(all(0 <= e.start < e.end <= size and e.target < size for e in dis._parse_exception_table(code)),
          bool(dis._parse_exception_table(code)))

# Damaged tables are refused or of no use; none of them is run.
chance = random.Random(3)
exceptions = PARTS.index('exceptiontable')
instructions = PARTS.index('code')
for f in functions:
    for attempt in range(60):
        parts = parts_of(f.__code__)
        table = bytearray(parts[exceptions])
        for i in range(attempt % 3 + 1):
            if not table:
                break
            at = chance.randrange(len(table))
            if attempt % 5 == 0:
                del table[at:]
            elif attempt % 5 == 1:
                del table[at]
            else:
                table[at] ^= 1 << chance.randrange(8)
        parts[exceptions] = bytes(table)
        if attempt % 2:
            parts[instructions] = namespace['plain'].__code__.co_code
        try:
            list(code_from(parts).co_positions())
        except ValueError:
            pass
