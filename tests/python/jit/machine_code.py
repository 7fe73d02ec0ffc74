# baton-only: baton.jit tells what has machine code; -X jit and PYTHON_JIT turn it off.
# no-stress
# no-tsan
import os
import subprocess
import sys
import threading

from baton import jit


def loop(n):
    s = 0
    for i in range(n):
        s += i
    return s


def called(x):
    return x


def never():
    return 1


never()
before = jit.counters()
assert before['enabled'] is True, before
loop(5000)
for i in range(5000):
    called(i)
after = jit.counters()
assert jit.is_compiled(loop) and jit.is_compiled(called.__code__)
assert jit.is_compiled(never) is False
assert after['compiled'] >= before['compiled'] + 2 and after['bytes'] > before['bytes'] and after['seconds'] > before['seconds']
assert sys.modules['baton.jit'] is jit

# A descriptor on a class after its attributes were cached: every guard for them goes.
class C:
    pass


def reads(c):
    return c.x


c = C()
c.x = 1
for _ in range(5000):
    reads(c)
assert jit.is_compiled(reads)
C.x = property(lambda self: 2)
assert not jit.is_compiled(reads) and jit.counters()['discarded'] > after['discarded']
assert reads(c) == 2
for _ in range(5000):
    assert reads(c) == 2

# Stores need locks once there is a second thread without a GIL.
def stores(o, items, n):
    for i in range(n):
        o.x = i
        items[i % 2] = i


class Plain:
    pass


o = Plain()
stores(o, [0, 0], 5000)
assert jit.is_compiled(stores)
t = threading.Thread(target=int)
t.start()
t.join()
assert jit.is_compiled(stores) == sys._is_gil_enabled()
items = [0] * 5
threads = [threading.Thread(target=stores, args=(o, items, 5000)) for _ in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert o.x == 4999 and items == [4998, 4999, 0, 0, 0] and jit.is_compiled(stores)

try:
    jit.is_compiled(5)
except TypeError as e:
    assert str(e) == 'is_compiled() argument must be a function or code, not int', e

PROGRAM = """
from baton import jit
def f(n):
    for i in range(n): pass
f(5000)
print(jit.counters()['enabled'], jit.is_compiled(f))
"""


def run(*args, **env):
    done = subprocess.run([sys.executable, *args, '-c', PROGRAM], env={**os.environ, **env}, capture_output=True, text=True)
    return done.stdout.strip() or done.stderr.splitlines()[0]


assert run() == 'True True'
assert run('-X', 'jit=0') == 'False False'
assert run('-X', 'jit=0', '-X', 'jit_threshold=2') == 'False False'  # hot code without a compiler
assert run(PYTHON_JIT='0') == 'False False'
assert run('-X', 'jit=1', PYTHON_JIT='0') == 'True True'
assert run('-X', 'jit_threshold=100000') == 'True False'
assert 'PYTHON_JIT must be "0" or "1"' in run(PYTHON_JIT='2')
print('done')
