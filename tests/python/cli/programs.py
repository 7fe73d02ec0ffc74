# Where the program comes from: a script, -c, -m, a directory, a zip file, standard input; sys.argv, sys.path, __name__.
import zipfile
from _cli import run, write

SHOW = """import os, sys
print(sys.argv, __name__, sys.path[0].replace(os.getcwd(), "."), globals().get("__file__"), globals().get("__package__"))
"""
write('script.py', SHOW)
write('pkg/__init__.py', '')
write('pkg/__main__.py', SHOW)
write('pkg/mod.py', SHOW)
write('dir/__main__.py', SHOW)
with zipfile.ZipFile('app.zip', 'w') as z:
    z.writestr('__main__.py', SHOW)
for args in (['script.py', 'a', '-b'], ['-c', SHOW, 'x'], ['-m', 'pkg', 'y'], ['-m', 'pkg.mod', '-z'], ['dir', '1'],
        ['app.zip', '2'],
             ['-', 'dash'], [], ['-u', 'script.py'], ['--', 'script.py', '--']):
    print(['SHOW' if a is SHOW else a for a in args], run(*args, stdin=SHOW.encode()))
write('first_line.py', 'this line is skipped with -x\nprint("second")\n')
print(run('-x', 'first_line.py'))
write('bom.py', '\ufeffprint("after the mark")\n')
print(run('bom.py'))
write('latin.py', '# coding: utf-8\nprint(ascii("é"))\n')
print(run('latin.py'))
print(run('-c', 'print(__doc__, __spec__, __loader__ is not None, __builtins__.__name__)'))
print(run('-c', 'import sys; print(sys.orig_argv[1:2], sys.argv)', 'q'))
print(run('-m', 'json.tool', stdin=b'{"a": [1]}'))
# Source bytes on standard input; and what an uncaught exception's traceback comes before: a file's output is flushed first.
for data in b'x = "\xe9"\n', b'print(1)\nx = "\xe9"\n', b'# coding: nope\n', b'print(1)\nif 2:\n', b'print(1)\n1/0\n':
    print(run(stdin=data))
write('m.py', 'print("out")\n1/0\n')
write('d/__main__.py', 'print("out")\n1/0\n')
write('e.py', 'print("out")\nraise SystemExit("message")\n')
for args in ('m.py',), ('-m', 'm'), ('d',), ('-c', 'print("out"); 1/0'), ('-',), ('e.py',), ('-m', 'e'):
    import subprocess
    import sys
    p = subprocess.run([sys.executable, *args], input=b'print("out"); 1/0', stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(args, [line for line in p.stdout.decode().splitlines() if not line.startswith('  ')])
