# Code that comes out of marshal is read when it is called or looked into; every way in must find it whole.
import gc
import marshal
import threading
import types

SOURCE = '''
"""module doc"""
def plain(a, b=2, *rest, c, d=4, **more):
    "doc of plain"
    x = a + b
    return x, rest, c, d, more

def outer(n):
    def inner(k):
        nonlocal n
        n += k
        return n
    return inner

class C:
    "doc of C"
    def method(self, x):
        "doc of method"
        return [y * x for y in range(3)]
    async def coro(self): return 1
    def gen(self):
        yield from (1, 2)

def fails():
    return 1 / 0
'''
code = compile(SOURCE, 'source.py', 'exec')


def fresh():
    names = {'__name__': 'm'}
    exec(marshal.loads(marshal.dumps(code)), names)
    return names


# called
m = fresh()
print(m['plain'](1, c=3), m['plain'](1, 5, 6, c=3, e=9), m['plain'](*(1, 2), **{'c': 3}))
print(m['outer'](1)(5), m['C']().method(2), list(m['C']().gen()))
try:
    m['fails']()
except ZeroDivisionError as e:
    tb = e.__traceback__.tb_next
    print(tb.tb_lineno, tb.tb_frame.f_code.co_name)

# the wrong call first
m = fresh()
for args, kwargs in [((), {}), ((1,), {}), ((1,), {'c': 1, 'a': 2})]:
    try:
        m['plain'](*args, **kwargs)
    except TypeError as e:
        print(e)

# looked into, each attribute on a code object nobody has touched
for name in sorted(n for n in dir(types.CodeType) if n.startswith('co_') and n not in ('co_linetable', 'co_code', 'co_lnotab',
                                                                                      'co_exceptiontable', 'co_stacksize')):
    c = fresh()['plain'].__code__
    value = getattr(c, name)
    if callable(value):
        value = max(entry[2 if name == 'co_lines' else 0] for entry in value())
    print(name, value)
print(fresh()['plain'].__code__ == m['plain'].__code__, hash(fresh()['plain'].__code__) == hash(m['plain'].__code__))
print(fresh()['plain'].__code__.replace(co_name='other').co_varnames)
print(fresh()['C'].__dict__['coro'].__code__.co_flags & 128, fresh()['outer'].__code__.co_cellvars)

# docstrings
m = fresh()
print(m['plain'].__doc__, m['C'].__doc__, m['C'].method.__doc__, m['outer'].__doc__, m['__doc__'])
f = m['plain']
f.__code__ = m['fails'].__code__
print(f.__doc__)
f.__doc__ = None
print(f.__doc__)

# written again without having been called
print(marshal.loads(marshal.dumps(marshal.loads(marshal.dumps(code)))) == code)

# all threads at once
m = fresh()
start = threading.Barrier(8)
results = []


def run():
    start.wait()
    results.append((m['plain'](1, c=2)[0], m['C']().method(3), m['outer'](2)(3)))


threads = [threading.Thread(target=run) for _ in range(8)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(results), set(map(repr, results)))

# the bodies of modules and classes give their tables up when they have run, and get them again
BODY = '''
import sys
class A:
    x = [i for i in range(3)]
    def f(self): return self.x
for i in range(3):
    class B:
        n = i
        def g(self): return self.n
class Seen:
    frame = sys._getframe()
    after = 1
try:
    class Bad:
        x = 1
        1 / 0
except ZeroDivisionError as e:
    trace = e.__traceback__.tb_next
if depth:
    class Again:
        exec(body, {'depth': depth - 1, 'body': body, 'out': out})
        seen = [depth, depth + 1, len(out)]
        out.append(seen)
'''
body = marshal.loads(marshal.dumps(compile(BODY, 'body.py', 'exec')))
for _ in range(3):
    out = []
    names = {'depth': 2, 'body': body, 'out': out}
    exec(body, names)
    print(names['A']().f(), names['B']().g(), out, names['trace'].tb_lineno, names['trace'].tb_frame.f_code.co_name)
    frame = names['Seen'].frame
    print(frame.f_lineno, frame.f_code.co_name, frame.f_code in body.co_consts, sorted(frame.f_locals))
inner = {c.co_name: c for c in body.co_consts if isinstance(c, types.CodeType)}
for c in body, inner['A'], inner['B'], inner['Again']:
    print(c.co_name, c.co_firstlineno, c.co_names, max(line for _, _, line in c.co_lines() if line))
names = {'depth': 0}
exec(body, names)
print(names['A'].f.__code__ in inner['A'].co_consts)


def run_body():
    start.wait()
    out = []
    for _ in range(20):
        exec(body, {'depth': 2, 'body': body, 'out': out})
    results.append(out)


results = []
start = threading.Barrier(4)
threads = [threading.Thread(target=run_body) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(results), {len(r) for r in results}, all(r == results[0] for r in results))

# a collection while a body runs: what its caches hold then is remembered one by one
COLLECTED = '''
import gc, sys
class Collected:
    gc.collect()
    for i in range(4):
        a = [sys.maxsize, sys.version_info.major, str.upper, gc.get_count, str(i).upper(), i.real, sys.path.append]
    def f(self): return self.a
class Other:
    x = 1
    y = x + 1
    def g(self): return self.y
''' + ''.join(f'''
class C{n}:
    a, b, c = {n}, {n + 1}, {n + 2}
    d = [a, b, c]
    for i in range(4):
        e = [sys.maxsize, str.upper, str(i).upper()]
    def m(self): return self.a + self.b + self.c
''' for n in range(30))
body = marshal.loads(marshal.dumps(compile(COLLECTED, 'collected.py', 'exec')))
for _ in range(20):
    names = {}
    exec(body, names)
    junk = [[i] for i in range(5000)]
    gc.collect(0)
    gc.collect(1)
print(names['Collected']().f()[4], names['Other']().g(), names['C29']().m())
