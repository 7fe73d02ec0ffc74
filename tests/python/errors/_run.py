# Helper: runs source text in a child interpreter and shows what it printed, with paths made equal everywhere.
import os
import re
import subprocess
import sys
import tempfile


def run(source, *args, stdin='', env=None, flags=(), name='prog.py'):
    """-> (exit status, stdout, stderr) of the source as a script in a directory of its own."""
    with tempfile.TemporaryDirectory() as top:
        path = os.path.join(top, name)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(source)
        p = subprocess.run([sys.executable, *flags, path, *args], input=stdin.encode(), stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, env={**os.environ, **(env or {})}, timeout=50)
        return p.returncode, tidy(p.stdout, top), tidy(p.stderr, top)


def tidy(data, top):
    text = data.decode('utf-8', 'backslashreplace').replace(top + os.sep, '')
    text = re.sub(r'0x[0-9a-f]{6,}', '0x...', text)
    return re.sub(r'repeated \d+ more times', 'repeated N more times', text)


def show(title, source, **kw):
    status, out, err = run(source, **kw)
    print('=== %s: status %d' % (title, status))
    if out:
        print(out, end='')
    print(err, end='')
