# A .pyc file given as the program runs as __main__; a file that isn't one is refused.
import os
import py_compile
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as d:
    source, compiled = os.path.join(d, 'prog.py'), os.path.join(d, 'prog.pyc')
    with open(source, 'w') as f:
        f.write('import sys\nprint("ran", __name__, sys.argv[1:], type(__loader__).__name__)\nsys.exit(3)\n')
    py_compile.compile(source, compiled)
    done = subprocess.run([sys.executable, compiled, 'a', 'b'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    print(done.returncode, done.stdout)
    with open(compiled, 'wb') as f:
        f.write(b'not compiled code at all')
    done = subprocess.run([sys.executable, compiled], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    print(done.returncode, done.stderr.strip().split('\n')[-1])
