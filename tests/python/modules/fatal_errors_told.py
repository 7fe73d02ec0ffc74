# faulthandler: a crash within a finaliser is told as one within a collection, native modules that are not the library's are listed,
# and a fatal error of a thread that Python does not know shows the threads it knows.
import re
import subprocess
import sys


def crash(code):
    child = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
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
