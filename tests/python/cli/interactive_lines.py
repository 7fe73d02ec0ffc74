# Typed lines: what goes on in the next line and what doesn't, where errors point, prompts that are gone.
import os
import subprocess
import sys


def session(text, **environment):
    p = subprocess.run([sys.executable, '-i', '-q', '-S', '-I'] if not environment else [sys.executable, '-i', '-q'], input=text.encode(),
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **environment})
    print(repr(text), p.returncode)
    print(p.stdout.decode())


for text in (
        # a backslash goes on, unless the line is wrong already
        '\\\n\n1\n', '\\\n# comment\n\n1\n', '\\\n  \n\n1\n', '\\\n', '\\\nx = 5\nx\n', '\\\n\\\n7\n',
        '1 + \\\n2\n', 'x = (1 \\\n+ 2)\nx\n', 'x = \\\n', 'if 1: \\\n  3\n\n', '"a\\\nb"\n', '"a\\\\\nb"\n',
        '97F 1 \\\n2\n', '  x \\\ny\n', 'a = 1 $ \\\n1\n', 'x \\ \\\n1\n',
        # other ends of lines
        ' \r\n= 1\n', '5\r\n6\r\n', '\f\n1\n',
        # where errors point to
        'f(x)"\\N{foo}"\n', 'if 1:\n  y = 2\n x = 3\n1\n', 'a rb"\\x"\n', '"""\n\na = """\\\ndefx f():\n x\n', 'x = "abc\ny\n',
        # prompts
        'import sys; del sys.ps1\n1\ndel sys.ps2\nif 1:\n  2\n\n',
        'class P:\n  def __str__(self): 1/0\n\nimport sys; sys.ps1 = P()\n1\n'):
    session(text)
session('1\n', PYTHONSTARTUP='not_there.py')
