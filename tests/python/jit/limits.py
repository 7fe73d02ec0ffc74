# baton-only: -X jit_memory, -X jit_exits.
# no-stress
# no-tsan
# When the memory for machine code is used up, what gets hot is interpreted; what is freed is used again.
import subprocess
import sys

FILL = """
from baton import jit
import gc

SOURCE = '''
def f(n, items):
    total = 0
    for i in range(n):
        if i % 3 == 0:
            total += items[i % 5] * 2
        elif i % 7 == 1:
            total -= i & 15
        else:
            total ^= i << 1
        items[i % 5] = total & 255
    return total, items
'''

def make():
    space = {}
    exec(SOURCE, space)
    return space['f']

expected = make()(50, [1, 2, 3, 4, 5])
functions = []
for k in range(700):
    f = make()
    assert f(50, [1, 2, 3, 4, 5]) == expected
    functions.append(f)
for f in functions:
    assert f(50, [1, 2, 3, 4, 5]) == expected
compiled = sum(map(jit.is_compiled, functions))
full = jit.counters()
print(compiled, full['bytes'], full['enabled'])
del functions, f
gc.collect()
f = make()
f(50, [1, 2, 3, 4, 5])
print(jit.is_compiled(f))
"""


def run(program, *options):
    done = subprocess.run([sys.executable, '-X', 'jit_threshold=20', *options, '-c', program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


compiled, size, enabled, again = run(FILL, '-X', 'jit_memory=1')
assert 50 < int(compiled) < 700 and 1 << 18 < int(size) <= 1 << 20 and enabled == 'True', (compiled, size, enabled)
assert again == 'True'
compiled, size, enabled, again = run(FILL)
assert compiled == '700' and int(size) > 1 << 20 and again == 'True'
compiled, size, enabled, again = run(FILL, '-X', 'jit_memory=0')
assert (compiled, size, enabled, again) == ('0', '0', 'False', 'False')

EXITS = """
from baton import jit
def f(x):
    for i in range(1000):
        del x[1]
class C:
    def __delitem__(self, key): pass
f(C())
print(jit.counters().get('exits', {}).get('DeleteItem', 0) > 500, 'Nop' in jit.counters().get('exits', {}))
"""
assert run(EXITS, '-X', 'jit_exits') == ['True', 'False']
assert run(EXITS) == ['False', 'False']
print('done')
