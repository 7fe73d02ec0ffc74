# Helper: runs the interpreter with arguments; paths are made relative to the working directory.
import os
import subprocess
import sys


def run(*args, stdin=b'', env=None):
    """-> (exit status, stdout, stderr)"""
    p = subprocess.run([sys.executable, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=50,
                       env={**os.environ, **(env or {})})
    here = os.getcwd()
    return p.returncode, p.stdout.decode().replace(here, '.'), p.stderr.decode().replace(here,
            '.').replace(sys.executable, 'python')


def write(path, text):
    os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
