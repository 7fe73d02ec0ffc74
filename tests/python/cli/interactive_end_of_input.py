# The input of an interactive session ends within a statement: what there is is run, or its error is told. A blank line ends a block
# that isn't whole, too.
import os, subprocess, sys

for text in ('x = (\n', 'x = (', 'if 1:\n', 'if 1:', 'if 1:\n  print(3)', 'if 1:\n  print(3)\n', 'print(4)', 'x = """a\n', "x = 'a",
             'def f(:\n', 'class A:\n  x = [\n', '1 +\\\n', 'for i in (1,\n2): print(i)\n\n', '@f\n', 'x = {1:\n\n\n', 'f"{\n', '\\\n',
             'if 1:\n  print(3)\n\nprint(4)', '(1\n)\n(\n', 'try:\n  1\n', 'try:\n  1\n\n', 'try:\n  1\n\nprint(5)\n', '', '\n',
             'def f():\n  return 5\n\nf()', 'for i in 1, 2:\n  i\n', 'x = """a\n\nb"""\nx', '1/0', 'import sys; sys.exit(3)', 'raise'):
    run = subprocess.run([sys.executable, "-i", "-q", "-"], input=text, capture_output=True, text=True,
                         env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
    print(repr(text), run.returncode, repr(run.stdout))
    print(run.stderr)
