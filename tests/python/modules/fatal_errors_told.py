# faulthandler: a crash within a finaliser is told as one within a collection, native modules that are not the library's are listed,
# and a fatal error of a thread that Python does not know shows the threads it knows.
import os
import re
import subprocess
import sys


def crash(code):
    # The sanitizers of a build that has them would answer the signal themselves, when the program has told of it.
    env = {name + '_OPTIONS': os.environ.get(name + '_OPTIONS', '') + ':handle_segv=0' for name in ('ASAN', 'TSAN')}
    child = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, env={**os.environ, **env})
    text = re.sub(r'0x[0-9a-f]+', '0x', child.stderr)
    return child.returncode, text


print(*crash('''
import faulthandler, gc
faulthandler.enable()
class Loop:
    def __init__(self): self.me = self
    def __del__(self): faulthandler._sigsegv()
def make(): Loop()
make()
gc.collect()
'''))
print(*crash('''
import faulthandler
faulthandler.enable()
def f(): faulthandler._fatal_error_c_thread()
f()
'''))
code, text = crash('''
import faulthandler, sys
sys.stdlib_module_names = frozenset(sys.stdlib_module_names) - {'_thread', 'errno'}
import errno
faulthandler.enable()
faulthandler._sigsegv()
''')
names, total = re.search(r'^Extension modules: (.*) \(total: (\d+)\)$', text, re.M).groups()
print(code, sorted(names.split(', ')), total)
