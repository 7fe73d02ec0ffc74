"""The line a SyntaxError shows is the file's, and where its carets stand and end: lines with other than ASCII, errors of several
lines, lines with \\r\\n, ends of files."""
import ast
import os
import random
import subprocess
import sys

SOURCES = [
    'x = (1 2\n 3)\n', 'x = (1 2)', 'f(a)\nself.x(type(p),(type(q))\nself.a b.c)\n', 'x = "é" 1\n', 'if 1:\n  x\n y', 'if 1:\n  y\n def x():',
    '"abc\\', '"""\\\n', 'x = (\n', 'é (1 2', 'f(a)b"é"\n', 'é = 1; from a import \n', 'é = 1; f(g("~")\n  h)\n', '"a"\\\n', 'x\n  \\\n',
    '  \\\n', 'x = \\\n', 'x = \\', '\\', 'if x:\n  \\\n  \\\n', 'f(\n  \\\n', 'def f():\r\n', 'x\r\nif 1:\r\n#\r\n', '"""a\r\n', 'x\r\n  \\\r\n',
]
# What a file holds is shown, whatever was compiled.
for i, source in enumerate(SOURCES):
    for encoding in 'utf-8', 'latin-1':
        for declared in '', '# coding: %s\n' % encoding:
            name = 'program_%d.py' % i
            data = (declared + source).encode(encoding)
            with open(name, 'wb') as f:
                f.write(data)
            done = subprocess.run([sys.executable, name], capture_output=True)
            print(i, encoding, bool(declared), done.stderr.decode('utf-8', 'replace').replace(os.getcwd() + os.sep, ''))
            for given in [declared + source] + [data] * (not declared):
                for compiled in (lambda: compile(given, name, 'exec'), lambda: ast.parse(given, name), lambda: compile(given, name, 'single'),
                                 lambda: compile(given, 'no such file', 'exec')):
                    try:
                        compiled()
                    except SyntaxError as e:
                        print(ascii(e.args))
with open('other.py', 'wb') as f:
    f.write('\ufeffother line é 1\r\nline 2 is here\r\nline 3: \xe9'.encode('utf-8') + b'\xe9')
for source in 'x = (1 2\n', 'a\nb c\n', 'a\nb\nc é d\n', 'a\nb\nc\nd e\n', 'a\nreturn\n':
    for mode in 'exec', 'single', 'eval':
        try:
            compile(source, 'other.py', mode)
        except SyntaxError as e:
            print(mode, ascii(e.args), ascii(e.text))
with open('long.py', 'w', encoding='utf-8') as f:
    f.write('x' * 995 + ' ' + 'é' * 30 + ' 5\n')
with open('long.py', 'rb') as f:
    for source in f.read(), 'x' * 995 + ' ' + 'é' * 30 + ' 5\n', 'a b', 'return':
        try:
            compile(source, 'long.py', 'exec')
        except SyntaxError as e:
            print(e.offset, e.end_offset, ascii(e.text)[:20], len(e.text or ''))

# Any text and any offsets.
sys.stderr = sys.stdout
choose = random.Random(7).choice
for i in range(1500):
    text = ''.join(choose(' a\té€\f\nb😀 ') for _ in range(i % 9)) + choose(['\n', '', '\n\n'])
    kind = choose([SyntaxError, SyntaxError, IndentationError])
    where = ['f', choose([1, 1, 2]), choose(range(-2, 14)), text]
    if choose(range(5)):
        where += [choose([1, 1, 1, 2, 3, 0]), choose(range(-2, 16))]
    print(ascii(where))
    sys.__excepthook__(kind, kind('m', tuple(where)), None)
