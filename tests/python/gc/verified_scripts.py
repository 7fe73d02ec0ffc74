# The heap's verifier finds nothing in what imports leave: numbers side by side in a code object are no reference. Nor in
# iterators over matches that threads share.
# baton-only
# no-stress
# no-tsan
# timeout: 120
import os
import subprocess
import sys

scripts = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run(name, *arguments):
    command = [sys.executable, "-X", "gc_verify", *arguments]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    print(name, done.returncode, *done.stderr.splitlines()[:1])


for module in ("datetime", "email.message", "http.client", "pickletools"):
    run(module, "-X", "gc_stress=301", "-c", f"import {module}")
for path in ("pickle/streams.py", "threads/shared_patterns.py"):
    run(path, os.path.join(scripts, path))
# expect: datetime 0
# expect: email.message 0
# expect: http.client 0
# expect: pickletools 0
# expect: pickle/streams.py 0
# expect: threads/shared_patterns.py 0
