# SyntaxErrors: message, line, columns, text, as the compiler reports them and as a script prints them.
from _run import show

SOURCES = [
    'if x\n    pass\n', 'def f(:\n    pass\n', 'x = (1, 2\n', 'x = 1)\n', 'x = [1, 2}\n', "x = 'abc\n",
    'x = """abc\n', 'for x in y\n    pass\n', 'while True print(1)\n', 'print "hello"\n', 'exec "x"\n', 'x = = 1\n',
    'x + = 1\n', '1 = x\n',
    'f() = 1\n', 'x + 1 = 2\n', 'None = 1\n', 'True += 1\n', 'def f(a, a): pass\n', 'def f(a=1, b): pass\n',
    'def f(*): pass\n', 'def f(**k, a): pass\n', 'f(a=1, 2)\n', 'f(**k, *a)\n', 'f(x for x in y, 1)\n', 'f(a.b=1)\n',
    'f(True=1)\n', 'lambda x=: 1\n', 'class A\n    pass\n', 'return 1\n', 'yield 1\n', 'break\n',
    'continue\n', 'if 1:\npass\n', 'if 1:\n    a\n  b\n', '  x = 1\n', 'if 1:\n\tx\n        y\n', 'x = 1 +\n',
    'x = $\n', 'x = 5a\n', 'x = 0777\n', 'x = 0b12\n', 'x = 0xg\n', 'x = 1__0\n', 'x = 1_\n', 'import a.b as\n',
    'from a import\n', 'from a import (b, c\n', 'from . import *, a\n', 'import a, \n', 'try:\n    pass\n',
    'try:\n    pass\nexcept:\n    pass\nexcept A:\n    pass\n',
    'try:\n    pass\nexcept A, B:\n    pass\n', 'try:\n    pass\nexcept* A:\n    pass\nexcept B:\n    pass\n',
    'try:\n    pass\nexcept*:\n    pass\n', 'else:\n    pass\n', 'x if y\n', 'x = yield = 1\n', 'a, b += 1\n',
    '(a, b): int = 1\n', 'a: int: str\n', 'del f()\n', 'del (a, 1)\n', 'with a as 1: pass\n', 'for 1 in x: pass\n',
    '[x for 1 in y]\n', '[x for x in y if]\n', '{1: 2, 3}\n', '{1, 2: 3}\n', '{**a, *b}\n', '*a\n',
    'x = *a\n', 'print(*)\n', 'a := 1\n', '(a.b := 1)\n', 'assert\n', 'assert (1, 2) = 3\n', 'global x, \n',
    'def f():\n    x = 1\n    global x\n', 'def f(x):\n    global x\n', 'nonlocal x\n', 'def f():\n    nonlocal x\n',
    'async x = 1\n', 'await x\n', 'def f():\n    await x\n', 'async for x in y: pass\n', 'async with x: pass\n',
    '[x async for x in y]\n', 'match x:\n    case 1\n        pass\n', 'match x:\n    case a: pass\n    case b: pass\n',
    'match x:\n    case a | b: pass\n', 'match x:\n    case {**a, 1: 2}: pass\n',
    'match x:\n    case [*a, *b]: pass\n', 'match x:\n    case A(x=1, 2): pass\n',
    'match x:\n    case a.b.c(): pass\n    case -a: pass\n', 'from __future__ import nope\n',
    'x = 1\nfrom __future__ import annotations\n', 'from __future__ import braces\n', "f'{'\n", "f'{}'\n",
    "f'{a b}'\n", "b'é'\n", "'\\N{nope nope}'\n", "'\\x1'\n", "'\\u12'\n", "b'\\x1'\n", "'a' b'b'\n",
            'x = "\\U00110000"\n', '\\ x\n', 'x\\\n', 'a b\n', 'a 1\n', '1 a\n', '"a" 1\n', 'a.1\n', 'not\n',
            'a not b\n', 'a is is b\n', 'a <> b\n', 'a !b\n', 'a ? b\n', 'x = (yield)\n', 'class A: return 1\n',
            'def f(): (yield) = 1\n', 'def f(x, /, y, /): pass\n', 'def f(/, x): pass\n', 'def f(*, /): pass\n',
            'def f(*a, *b): pass\n', 'lambda *: 1\n', 'x = {a: *b}\n', 'x[1:2, *a:3]\n', 'pass x\n', 'raise x from\n',
            'raise from x\n', 'if x = 1: pass\n', 'while x = 1: pass\n', 'f(a, b=1, c)\n', 'f(**a, b)\n',
            'x = {1:}\n', 'x = {1: 2,, }\n', '()=1\n[]=()\nf()=2\n', '"abc".x() = 1\n', '...=1\n', '-x = 1\n',
            'x < y = 1\n', '[a, b()] = 1\n', 'f"{a}" = 1\n', 'lambda: x = 1\n', '(x for x in y) = 1\n',
            'a if b else c = 1\n', 'x = 1 if 2 else\n', 'é = 1\n€ = 2\n', 'x = “a”\n', 'def 1f(): pass\n',
            'class 1: pass\n', 'def f() -> : pass\n', 'def f()\n', 'with open(x) as f, : pass\n',
            'with (a as b, c as d,): pass\n', '@\ndef f(): pass\n', '@x\nx = 1\n', 'x: int = \n', 'x.y: 1\n5: int\n',
            'if x:\n    pass\nelif\n    pass\n', 'a = 1 2\n', 'print(1 2)\n', '[1 2]\n', '{1 2}\n', 'f(1\nx = 2\n',
            '[1,\nx = 2\n', 'def f():\n', 'for x in y:\n', 'class C:\n', 'if 1: x\n else: y\n',
            ''.join('(' for _ in range(5)), 'x = 1;; y\n', '"""\n\n', "'''a\nb", 'import a as b.c\n',
            'from .a import b as c.d\n', 'from a import b,\n', 'None.x = 1\nx.None = 1\n', 'def None(): pass\n',
            'def f(None): pass\n', 'import None\n', 'for None in x: pass\n', '(a, None) = 1\n', 'x = 09\n',
            'x = 0_7\n', '1.e\n', '1e+\n', '0o8\n', '1if 2else 3\n', '0x1for x in y\n', '1_000j_\n']

import warnings
warnings.simplefilter('ignore')
for source in SOURCES:
    try:
        compile(source, 'f', 'exec')
        print(ascii(source), 'compiles')
    except SyntaxError as e:
        print(ascii(source), '->', type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, ascii(e.text))
    except ValueError as e:
        print(ascii(source), '->', type(e).__name__, e)

show('script', 'x = 1\nif x\n    pass\n')
show('indent', 'def f():\n  x = 1\n    y = 2\n')
show('unclosed', 'def f():\n    return (1,\n\nx = 2\n')
show('in import', 'import sys, pathlib\n(pathlib.Path(sys.path[0]) / "bad.py").write_text("x = = 1\\n")\nimport bad\n')
show('from exec', 'exec("a b")\n')
show('from eval', 'eval("1 +")\n')
show('raised by hand', 'raise SyntaxError("msg", ("file", 2, 3, "some text\\n", 2, 6))\n')
show('unicode', 'ä = "x" "y" z\n')
show('encoding', '# -*- coding: nope -*-\nx = 1\n')
# At the end of a file CPython has no line any more to point into; of bytes or text it has.
for source in ('try:', 'class A:\n', 'if 1:\n  if 2:\n', 'try:\n  ', 'if 1: # c\n# d\n', '\\\n', '\\', 'if 1:\nx'):
    show('file %r' % source, source)
    show('imported %r' % source, 'import pathlib, sys\n(pathlib.Path(sys.path[0]) / "bad.py").write_text(%r)\nimport bad\n' % source)
