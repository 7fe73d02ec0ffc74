# The import system: packages, relative imports, reload, hooks, errors, circular imports, zip files, namespace packages.
import importlib
import importlib.machinery
import importlib.util
import os
import sys
import types
import zipfile


def write(path, text=''):
    os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
    with open(path, 'w') as f:
        f.write(text)


sys.path.insert(0, os.getcwd())
write('pkg/__init__.py',
        'print("import pkg", __name__, __package__, __path__ is not None)\nvalue = 1\n__all__ = ["a", "public"]\n'
        'public = 5\n_private = 6\n')
write('pkg/a.py', 'from . import b\nfrom .b import name as renamed\nfrom . import value\n'
     'print("import", __name__, __package__, __spec__.parent)\n')
write('pkg/b.py', 'name = __name__\n')
write('pkg/sub/__init__.py', '')
write('pkg/sub/c.py', 'from ..b import name\nfrom ...nope import x\n')
write('single.py', 'count = globals().get("count", 0) + 1\n')
write('circ1.py', 'import circ2\nvalue = 1\nfrom circ2 import other\n')
write('circ2.py', 'import circ1\nother = 2\ndef late(): return circ1.value\n')
write('circ3.py', 'from circ4 import x\n')
write('circ4.py', 'from circ3 import y\nx = 1\n')
write('broken.py', 'before = 1\nraise ValueError("broken")\n')
write('space1/ns/one.py', 'n = 1\n')
write('space2/ns/two.py', 'n = 2\n')
write('lazy.py', 'def __getattr__(name):\n    if name == "dynamic": return "made"\n'
     '    raise AttributeError(f"no {name}")\ndef __dir__(): return ["dynamic"]\n')
importlib.invalidate_caches()

import pkg.a
print(pkg.a.renamed, pkg.a.b.name, pkg.value, sorted(n for n in sys.modules if n.startswith('pkg')),
        pkg.__file__.endswith('pkg/__init__.py'), pkg.a.__cached__ is not None, pkg.__spec__.name,
                pkg.__loader__ is pkg.__spec__.loader)
import pkg as p, pkg.b as pb
from pkg import *
print(p is pkg, pb is sys.modules['pkg.b'], public, a is pkg.a, '_private' in globals())
for bad in ('import nope', 'import pkg.nope', 'from pkg import nope', 'from nope import x', 'import pkg.b.deeper',
        'from . import x', 'import pkg.sub.c', 'import broken', 'import circ3', 'from lazy import nothing',
        'import os.path.x', 'from pkg.b import a, b', 'import single.x', '__import__("")', 'importlib.import_module(".x")',
            'from sys import nope', '__import__("pkg", level=-1)', 'from .single import x'):
    try:
        exec(bad, {'importlib': importlib, '__name__': '__main__', '__package__': None})
        print(bad, 'ok')
    except Exception as e:
        print(bad, '->', type(e).__name__, str(e).replace(os.getcwd(), ''))
print('broken' in sys.modules, 'circ4' in sys.modules)
import circ1
print(circ1.other, circ1.circ2.late())
import single
print(importlib.reload(single).count, single.count, importlib.import_module('.b', 'pkg') is pb,
        importlib.util.find_spec('single').origin.endswith('single.py'), importlib.util.find_spec('nope'))
del sys.modules['single']
import single as again
print(again is single, again.count)
sys.modules['blocked'] = None
try:
    import blocked
except ImportError as e:
    print(type(e).__name__, e)
sys.modules['fake'] = types.SimpleNamespace(x=5)
from fake import x
print(x)
import lazy
print(lazy.dynamic, dir(lazy))
try:
    lazy.other
except AttributeError as e:
    print(e)
sys.path[:0] = ['space1', 'space2']
import ns.one, ns.two
print(ns.one.n, ns.two.n, type(ns.__path__).__name__, ns.__file__)
with zipfile.ZipFile('lib.zip', 'w') as z:
    z.writestr('inzip.py', 'where = __file__\n')
    z.writestr('zpkg/__init__.py', 'v = 3\n')
sys.path.insert(0, 'lib.zip')
import inzip, zpkg
print(inzip.where, zpkg.v, type(inzip.__loader__).__name__)


class Finder:
    @staticmethod
    def find_spec(name, path, target=None):
        if name.startswith('virtual'):
            return importlib.machinery.ModuleSpec(name, Finder)

    @staticmethod
    def create_module(spec): return None

    @staticmethod
    def exec_module(module): module.made = 'by the finder: ' + module.__name__


sys.meta_path.insert(0, Finder)
import virtual_thing
print(virtual_thing.made, virtual_thing.__spec__.loader is Finder)
sys.meta_path.remove(Finder)
m = types.ModuleType('m', 'the doc')
print(m, m.__doc__, m.__dict__.keys() >= {'__name__', '__doc__', '__loader__', '__spec__'},
        repr(pkg.b).replace(os.getcwd(), ''), repr(sys), m.__name__)
print([n for n in ('builtins', 'sys', '_thread', 'posix', 'time') if n not in sys.builtin_module_names],
        'os' in sys.stdlib_module_names, importlib.machinery.SOURCE_SUFFIXES, type(sys.__spec__.loader).__name__)
try:
    m.nope
except AttributeError as e:
    print(e)
del m.__name__
try:
    m.nope
except AttributeError as e:
    print(e)
exec(compile('import pkg.b\nfrom pkg import value as v2', '<x>', 'exec'))
print(v2)
# Threads that import the same module at once get it whole.
write('slow.py', 'import time\ntime.sleep(0.05)\ndone = True\n')
importlib.invalidate_caches()
import threading
seen = []
def importer():
    import slow
    seen.append(slow.done)


threads = [threading.Thread(target=importer) for _ in range(5)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(seen)
