# Names of a module: loads and stores repeated at one place, deletion between them, exec() with one and with two mappings.
import builtins
x = 0
for i in range(5):
    x += i
    if i == 2: del x; x = 100
print(x)
def f():
    global y
    y = 1
    for k in range(5):
        y = y + k
        if k == 3:
            del y
            y = 7
f(); print(y)
c = compile("for q in range(4):\n a = q; b = a + len\n", "s", "exec")
for ns in ({'len': 5}, {'len': 7}, {}):
    try: exec(c, ns); print(ns['a'], ns['b'])
    except TypeError as e: print(e)
l = {'len': 10}
g = {}
exec(c, g, l); print(sorted(k for k in g), l)
exec(c, g, l); print(l)
c2 = compile("for q in range(4): print(q, len('abc'))", "s", "exec")
exec(c2); builtins_len = len
len = lambda s: 'mine'
exec(c2)
del len
exec(c2)
class M(dict):
    def __missing__(self, k): return 42
    def __setitem__(self, k, v): dict.__setitem__(self, k, ('set', v))
m = M()
exec("for z in [1,2,3]: w = z\nv = nothere", {}, m); print(dict(m))
for i in range(3):
    exec("for z in [1,2,3]:\n w = z", m2 := {'__builtins__': {}})
    print({k: m2[k] for k in 'zw'})
class C:
    for n in range(4):
        n2 = n
        x = n2
print(C.n, C.x)
try:
    for i in range(3):
        if i: del i
        print(i)
except NameError as e: print(e)
