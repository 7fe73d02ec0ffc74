# What a process says that can't read its program or have its streams.
import os, re, subprocess, sys


def start(*args, stdin=subprocess.DEVNULL, **variables):
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables}
    run = subprocess.run([sys.executable, *args], stdin=stdin, capture_output=True, text=True, env=environment)
    text = run.stderr.replace(sys.executable, "PYTHON").replace(os.getcwd(), "HERE")
    print(args, run.returncode, run.stdout, re.sub("0x[0-9a-f]+", "0x", text))


for name in ("not_there.py", "it's.py", "a\\b.py", "a\nb.py", "\udcff.py", "é.py"): start(name)
directory = os.open(".", os.O_RDONLY)
start("-c", "print(1)", stdin=directory)
start("-", stdin=directory)
for encoding in ("nonsense", "nonsense:strict", ":replace", "latin-1"):
    start("-c", "import sys; print(sys.stdout.encoding, sys.stdout.errors)", PYTHONIOENCODING=encoding)
start("")
