# The text of uncaught exceptions: frames, source lines, carets, chains, groups, notes, recursion.
from _run import show

show('simple', 'def f(x):\n    return 1 / x\n\n\nf(0)\n')
show('nested calls', '''
def a(n):
    if n:
        return b(n - 1)
    raise ValueError("deep")


def b(n):
    return a(n)


class C:
    def method(self):
        return [a(x) for x in (3,)]


C().method()
''')
show('carets', '''
def f(d):
    value = d["k"]["missing"]["deeper"]
    return value


f({"k": {}})
''')
show('caret of an attribute', 'class A: pass\na = A()\na.b = A()\nprint(a.b.c.d)\n')
show('caret of a call', 'def g(x): return x\n\nresult = g(1) + g("a") + g(2)\n')
show('cause', '''
try:
    {}["k"]
except KeyError as e:
    raise RuntimeError("outer") from e
''')
show('context', '''
try:
    {}["k"]
except KeyError:
    int("x")
''')
show('suppressed', '''
try:
    {}["k"]
except KeyError:
    raise RuntimeError("alone") from None
''')
show('custom classes', '''
class Mine(Exception):
    def __str__(self):
        return "two\\nlines"


class Quiet(Exception):
    pass


try:
    raise Quiet
except Quiet:
    raise Mine("x")
''')
show('bad str', 'class B(Exception):\n    def __str__(self): raise ValueError("no")\n\nraise B()\n')
show('group', '''
def make():
    errors = []
    for i in range(2):
        try:
            raise ValueError(i)
        except ValueError as e:
            errors.append(e)
    return ExceptionGroup("many", errors + [ExceptionGroup("inner", [KeyError("k")])])


raise make()
''')
show('notes', 'e = ValueError("v")\ne.add_note("note one")\ne.add_note("note\\ntwo")\nraise e\n')
show('recursion', 'def f(n):\n    return f(n + 1)\n\nimport sys\nsys.setrecursionlimit(100)\nf(0)\n')
show('generator and comprehension', '''
def gen():
    yield 1
    raise ValueError("in generator")


print(sum(x for x in gen()))
''')
show('lambda and decorator', 'f = lambda x: x.nope\n\nf(1)\n')
show('exec', 'exec("x = 1\\nraise ValueError(x)")\n')
show('import of a broken module', '''
import sys, pathlib
(pathlib.Path(sys.path[0]) / "broken.py").write_text("import sys\\nraise ValueError(5)\\n")
import broken
''')
show('multi-line statement', 'x = [\n    1,\n    2 / 0,\n    3,\n]\n')
show('long call', 'def f(*a):\n    raise ValueError("f")\n\nf(1,\n  2,\n  3)\n')
show('with', 'class C:\n    def __enter__(self): return self\n    def __exit__(self, *a): raise KeyError("exit")\n\n'
     'with C():\n    raise ValueError("body")\n')
show('del and assert', 'def f():\n    assert 1 == 2, "message"\n\nf()\n')
show('unicode source', 'größe = {"ä": 1}\nprint(größe["ä"] + größe["ö"])\n')
show('names suggestions', 'value = 1\nprint(valeu)\n')
show('attribute suggestions', 'import collections\nclass A:\n    length = 1\n\nA().lenght\n')
show('KeyboardInterrupt', 'raise KeyboardInterrupt\n')
show('SystemExit', 'raise SystemExit("a message")\n')
show('SystemExit code', 'import sys\nsys.exit(3)\n')
show('SystemExit None', 'raise SystemExit\n')
show('excepthook', 'import sys\ndef hook(t, v, tb):\n    print("hook", t.__name__, v, tb.tb_lineno)\n\n'
     'sys.excepthook = hook\n1 / 0\n')
show('broken excepthook', 'import sys\ndef hook(t, v, tb):\n    raise KeyError("in hook")\n\nsys.excepthook = hook\n1 / 0\n')
show('print_exc', 'import traceback\ndef f():\n    1 / 0\n\ntry:\n    f()\nexcept ZeroDivisionError:\n'
     '    traceback.print_exc()\n    print(traceback.format_exc().count("\\n"))\n')
show('blanks at the end of lines', 'def f(): 1 / 0 \t\f\n\n\nif 1:\n\t f()  # called  \n')
for source in ('(x * 2)+1', '(x * 2) + 1', '((x))+(1)', '("a" "b") + 1', '(1+2)+x', '(-1)**x', '( x )//( 1 )', 'x [ 3 ]',
               '(lambda: 0)  [1]', '("é" * 3) + 1', '("é")  ["日"]'):
    show('operators beside parentheses: ' + source, 'x = "s"\n%s\ny = %s\n' % (source, source))
    show('operators beside parentheses: y = ' + source, 'x = "s"\ny = %s\n' % source)
show('keywords for the __init_subclass__ of object', 'def f():\n    class A(x=1): pass\n\n\nf()\n')
show('an empty note in a group', "e = ExceptionGroup('g', [ValueError(1)])\ne.add_note('')\ne.add_note('x\\n\\ny')\nraise e\n")
