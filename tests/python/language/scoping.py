# Names: local, enclosing, global, builtin; global and nonlocal; del; closures over loops; class scopes; exec and locals().

x = 'module'


def reads(): return x


def writes():
    x = 'local'
    return x


def globals_it():
    global x, made
    x = 'changed'
    made = 'made here'


print(reads(), writes(), x)
globals_it()
print(x, made)


def unbound():
    print(late)
    late = 1


try:
    unbound()
except UnboundLocalError as e:
    print(e, '|', e.name)
try:
    undefined_name
except NameError as e:
    print(e, '|', e.name)


def free_unbound():
    def inner(): return later
    try:
        inner()
    except NameError as e:
        print(e)
    later = 1
    return inner()


assert free_unbound() == 1


def deleted():
    v = 1
    del v
    try:
        v
    except UnboundLocalError as e:
        print(e)
    v = 2
    return v


assert deleted() == 2


def cell_deleted():
    v = 1

    def get(): return v
    del v
    try:
        get()
    except NameError as e:
        print(e)


cell_deleted()
try:
    del x_never
except NameError as e:
    print(e)


def shared():
    n = 0

    def up():
        nonlocal n
        n += 1

    def get(): return n

    def deeper():
        def deepest():
            nonlocal n
            n += 10
        deepest()
    return up, get, deeper


up, get, deeper = shared()
up(), up(), deeper()
assert get() == 12
print(get.__closure__[0].cell_contents, get.__code__.co_freevars, shared.__code__.co_cellvars)


def param_cell(a, *args, k=5, **kw):
    def f(): return a, args, k, kw
    a += 1
    return f


assert param_cell(1, 2, z=3)() == (2, (2,), 5, {'z': 3})


def loop_closures():
    fs = []
    for i in range(3):
        fs.append(lambda: i)
    gs = [lambda i=i: i for i in range(3)]
    hs = [(lambda j: lambda: j)(i) for i in range(3)]
    return [f() for f in fs], [g() for g in gs], [h() for h in hs]


print(loop_closures())


# Class bodies: not an enclosing scope, but see the enclosing function.
def class_scope():
    y = 'function'

    class C:
        y = 'class'
        z = y

        def m(self): return y
        comp = [y for _ in 'a']
        first = [w for w in [y]]
    return C.z, C().m(), C.comp, C.first


print(class_scope())


class Reads:
    x = x + '!'

    def show(self): return __class__.__name__


print(Reads.x, Reads().show())


def class_nonlocal():
    v = 1

    class K:
        nonlocal v
        v = 2
        global from_class
        from_class = 3
    return v, hasattr(K, 'v')


print(class_nonlocal(), from_class)

# Builtins can be shadowed and restored.
len_ = len
def len(o): return 'shadowed'
assert len([1]) == 'shadowed'
del len
assert len([1]) == 1

# exec, eval, locals, globals.
ns = {}
exec('a = 1\ndef f(): return a + b\n', ns)
ns['b'] = 5
assert ns['f']() == 6 and '__builtins__' in ns
assert eval('a + c', ns, {'c': 10}) == 11


def locals_of(p):
    q = p * 2
    def inner(): return q
    exec('made_by_exec = 1')
    return sorted(locals().items(), key=lambda kv: kv[0])[0], 'made_by_exec' in locals(), sorted(locals())


print(locals_of(3)[0][0], locals_of(3)[2])
assert eval('[q for q in range(z)]', {'z': 3}) == [0, 1, 2]
try:
    eval('a = 1')
except SyntaxError as e:
    print(e.msg)
assert eval(compile('1 + 1', '<s>', 'eval')) == 2
exec(compile('result = [i * i for i in range(3)]', '<s>', 'exec'))
assert result == [0, 1, 4]
code = compile('3 * 4', '<s>', 'single')
exec(code)

# Syntax errors about scopes.
for bad in ('def f():\n x = 1\n global x', 'def f(a):\n global a', 'nonlocal z', 'def f():\n nonlocal nope',
        'def f():\n print(v)\n nonlocal v',
            'def f(a, a): pass', 'class C:\n nonlocal q', 'def f():\n def g():\n  nonlocal h\n', 'return 1',
            'yield 1', 'break', 'continue',
            'def f():\n from os import *', '[(y := 1) for y in [1]]', 'class C: [(z := 1) for i in [1]]',
            'lambda: (yield)', 'async def f(): yield from []'):
    try:
        compile(bad, '<s>', 'exec')
        print('compiles:', bad)
    except SyntaxError as e:
        print(e.msg)


# Comprehension scopes.
i = 'kept'
assert [i for i in range(3)] == [0, 1, 2] and i == 'kept'
assert [[j + k for j in range(k)] for k in range(3)] == [[], [1], [2, 3]]
if (n := 10) > 5:
    assert n == 10
print([y2 := 1, y2 ** 2], y2, [last := v for v in range(4)], last)


def walrus_function():
    total = 0
    parts = [total := total + v for v in range(5)]
    return parts, total


print(walrus_function())
