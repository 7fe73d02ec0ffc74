# baton-only: what machine code does without handlers (-X jit_exits).
# no-stress
# no-tsan
import subprocess
import sys

# Instructions that a handler must do less than once in ten rounds, and the body of a loop that has them. With a GIL, and without
# while there is one thread.
CASES = [
    ('LoadItem', "c = text[i % 3]; b = data[i % 3]; x = items[i % 3]; t = pair[i % 2]"),
    ('LoadItemInt', "c = text[1]; b = data[-1]"),
    ('CompareEq JumpUnlessEq CompareNe', "x = text == other; y = text != other\nif text == word: x = 1"),
    ('CompareLt JumpUnlessLe CompareGe', "x = text < other; y = text >= other\nif text <= word: x = 1"),
    ('JumpIfTrue JumpIfFalse UnaryNot', "x = not items; y = items and text or data; z = not text\nif mapping: x = 2\nif not unique: x = 3"),
    ('ForIter', "for x in items: pass\nfor x in pair: pass\nfor x in text: pass\nfor x in data: pass\nfor x in range(3): pass"),
    ('ForIter', "for k, x in enumerate(items): pass"),
    ('Call', "x = isinstance(items, list); x = isinstance(text, int); x = isinstance(point, Point); x = type(text); x = type(point)"),
    ('Call', "x = len(items); x = len(unique); x = len(data)"),
    ('LoadMethod LoadAttr', "x = gc.isenabled(); x = Point.zero(i); x = point.zero(i); x = Point.static(i); x = Point.kind; x = point.kind"),
    ('PushExc PopExc CheckExcMatch', "try: mapping[5]\nexcept LookupError: pass"),
    ('GetAwaitable Send', "try: waits().send(None)\nexcept StopIteration: pass"),
    ('Return ReturnConst', "for x in numbers(): pass\nsum(numbers())"),
    ('BinaryTrueDiv BinaryMul BinaryAdd BinarySub CompareLt', "x = i / 3; x = i * 0.5; x = 1.5 + i; x = i - 2.5; y = i < 2.5"),
    ('AddInt SubInt JumpUnlessGtInt JumpUnlessEqInt', "x = half + 1; x = half - 7\nif half > 3: x = 1\nif half == 2: x = 2"),
    ('BuildTuple BuildList GetIter MakeCell', "x = (i, i); y = [x, i]; z = []; w = ()\nfor v in y: pass\nfor v in x: pass\n"
     "for v in range(2): pass\ncounter()"),
    ('Call', "x = text.upper(); x = items.count(1); x = repr(i); Point(i)"),
    ('Return ReturnConst', "Point(i)"),
    ('StoreDeref CopyFreeVars', "step()"),
]
PROGRAM = """
from baton import jit
import gc
class Point:
    kind = 'point'
    def __init__(self, x): self.x = x
    @classmethod
    def zero(cls, x): return cls
    @staticmethod
    def static(x): return x
point = Point(0)
async def leaf(): return 1
async def waits(): return await leaf()
def numbers():
    yield 1
    return 2
def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
    return step
step = counter()
def f(n, text, other, data, items, pair, mapping, unique):
    word = 'wo' + 'rd'
    half = n / 2
    for i in range(n):
{body}
args = 'wor', 'wo' + 'ds'[:1], b'bytes', [1, 2, 3], (1, 2), {{1: 2}}, {{1}}
f(3000, *args)
before = jit.counters()['exits']
f(2000, *args)
after = jit.counters()['exits']
print({{op: after[op] - before.get(op, 0) for op in after}})
"""

for ops, body in CASES:
    program = PROGRAM.format(body='\n'.join('        ' + line for line in body.split('\n')))
    done = subprocess.run([sys.executable, '-X', 'jit_exits', '-X', f'gil={int(sys._is_gil_enabled())}', '-c', program],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    exits = eval(done.stdout)
    for op in ops.split():
        assert exits.get(op, 0) < 200, (op, body, exits)

# A function of many loops, each of which begins when the function has been compiled often already.
LOOPS = 12
body = ''.join(f"""
    for i in range(n):
        x = name{k}
        y = helper{k}(x)
        z = things.at{k}
""" for k in range(LOOPS))
program = ''.join(f'name{k} = {k}\ndef helper{k}(x): return x\n' for k in range(LOOPS)) + f"""
from baton import jit
class things: pass
for k in range({LOOPS}): setattr(things, 'at%d' % k, k)
def f(n):
{body}
f(20000)
print(jit.counters()['exits'], jit.counters()['recompiled'])
"""
done = subprocess.run([sys.executable, '-X', 'jit_exits', '-c', program], capture_output=True, text=True)
assert done.returncode == 0, done.stderr
exits, recompiled = eval(done.stdout.replace('} ', '}, '))
for op in ('LoadGlobal', 'LoadGlobalCallee', 'LoadAttr', 'Call'):
    assert exits.get(op, 0) < 20000, (exits, recompiled)
assert LOOPS - 2 <= recompiled < 4 * LOOPS, recompiled
print('done')
