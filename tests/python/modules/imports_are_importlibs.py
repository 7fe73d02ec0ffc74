# Importing modules of the library: whoever has put something in importlib's place, or watches it, is asked and told as ever; and
# the modules, specs and loaders are those that importlib makes.
import builtins
import importlib.machinery
import importlib.util
import os
import sys
import threading
import warnings
import _frozen_importlib as bootstrap
import _frozen_importlib_external as external

NAMES = ('this_is_not_there', 'keyword', 'colorsys', 'json', 'json.decoder', 'stat', 'atexit', 'runpy', 'importlib.util')


def forget(*names):
    for name in names:
        for loaded in [n for n in sys.modules if n == name or n.startswith(name + '.')]:
            del sys.modules[loaded]


def shape(module):
    spec = module.__spec__
    return (module.__name__, module.__package__, type(spec).__name__, list(vars(module))[:8], list(vars(spec)),
            spec.parent, spec.has_location, spec.origin == getattr(module, '__file__', spec.origin), spec.loader is module.__loader__,
            getattr(spec.loader, '__name__', type(spec.loader).__name__), getattr(spec.loader, 'name', None),
            getattr(spec.loader, 'path', None) == getattr(module, '__file__', None), spec.cached == getattr(module, '__cached__', None),
            spec.loader_state is not None, spec.submodule_search_locations == getattr(module, '__path__', None),
            spec._initializing, spec._uninitialized_submodules, list(sys.modules)[-1])


print('-- what is made')
for name in NAMES[1:]:
    forget(name)
    __import__(name)
    by_statement = shape(sys.modules[name])
    forget(name)
    bootstrap._find_and_load(name, builtins.__import__)
    print(name, by_statement == shape(sys.modules[name]), by_statement[:4], by_statement[5:-1])
json = sys.modules['json']
print(json.decoder is sys.modules['json.decoder'], json.__path__ == [os.path.dirname(json.__file__)],
      sys.modules['keyword'].__cached__.endswith('.pyc'), '__pycache__' in sys.modules['keyword'].__cached__)

print('-- errors')
for name in ('this_is_not_there', 'keyword.nothing', 'json.nothing', 'atexit.nothing', 'nothing.json'):
    try:
        __import__(name)
    except ImportError as e:
        print(type(e).__name__, e, e.name, e.path, e.__context__, e.__traceback__.tb_next)

print('-- parts that are replaced')


def count(owner, attribute, name, make=None):
    kept = owner.__dict__[attribute]
    function = getattr(kept, '__func__', kept)
    calls = []

    def instead(*args, **kwargs):
        calls.append(attribute)
        return function(*args, **kwargs)
    setattr(owner, attribute, type(kept)(instead) if isinstance(kept, (classmethod, staticmethod)) else instead)
    try:
        forget(name)
        __import__(name)
    finally:
        setattr(owner, attribute, kept)
    print(attribute, bool(calls))


for attribute in ('_find_and_load', '_find_spec', '_load_unlocked', 'module_from_spec', '_init_module_attrs'):
    count(bootstrap, attribute, 'keyword')
for attribute in ('_path_stat', '_path_join', '_path_isfile', 'spec_from_file_location', 'cache_from_source'):
    count(external, attribute, 'keyword')

print('-- finders and hooks')


class Finder:
    def __init__(self):
        self.asked = []

    def find_spec(self, name, path, target=None):
        self.asked.append((name, path and os.path.basename(path[0]), target))


finder = Finder()
sys.meta_path.insert(0, finder)
sys.meta_path.append(finder)
forget('keyword', 'json')
import keyword
import json.scanner
try:
    import this_is_not_there
except ImportError:
    pass
print([a for a in finder.asked if a[0] in ('keyword', 'json', 'json.scanner', 'this_is_not_there')])
sys.meta_path.remove(finder)
sys.meta_path.remove(finder)


class Loader:
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.made_here = True


class Maker:
    def find_spec(self, name, path, target=None):
        if name == 'keyword':
            return importlib.machinery.ModuleSpec(name, Loader())


maker = Maker()
sys.meta_path.insert(0, maker)
forget('keyword')
import keyword
print(keyword.made_here, keyword.__spec__.origin)
sys.meta_path.remove(maker)


class EntryFinder:
    def find_spec(self, name, target=None):
        if name == 'keyword':
            return importlib.machinery.ModuleSpec(name, Loader(), origin='entry')


def hook(entry):
    if entry == 'made up':
        return EntryFinder()
    raise ImportError


sys.path_hooks.append(hook)
sys.path.insert(0, 'made up')
forget('keyword')
import keyword
print(keyword.__spec__.origin, type(sys.path_importer_cache['made up']).__name__)
sys.path.remove('made up')
sys.path_hooks.remove(hook)
forget('keyword')
import keyword
print(hasattr(keyword, 'made_here'), keyword.iskeyword('if'))

meta_path, sys.meta_path = sys.meta_path, []
forget('keyword')
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter('always')
    try:
        import keyword
    except ImportError as e:
        print(e, [str(w.message) for w in caught])
sys.meta_path = meta_path

print('-- who watches')
frames = []
forget('keyword')
sys.setprofile(lambda frame, event, arg: frames.append(frame.f_code.co_name) if event == 'call' else None)
import keyword
sys.setprofile(None)
print('_find_and_load' in frames, 'exec_module' in frames)


print('-- threads')
forget('colorsys', 'json')
barrier = threading.Barrier(4)
got = []


def importer():
    barrier.wait()
    import json.decoder
    import colorsys
    got.append((json.decoder.JSONDecoder, colorsys.rgb_to_hsv))


threads = [threading.Thread(target=importer) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(len(got), len(set(got)))

print('-- the directory is looked at again')
os.mkdir('later')
sys.path.insert(0, os.path.abspath('later'))
try:
    import made_later
except ImportError as e:
    print(e)
with open('later/made_later.py', 'w') as f:
    f.write('import sys\nvalue = sys._getframe(1).f_code.co_name\n')
os.utime('later', (1, 1))
import made_later
print(made_later.value, made_later.__spec__.has_location)
os.makedirs('later/space')
os.utime('later', (2, 2))
import space
print([os.path.basename(p) for p in space.__path__], type(space.__path__).__name__, space.__spec__.origin)
with open('later/replaces_itself.py', 'w') as f:
    f.write('import sys\nsys.modules[__name__] = 5\n')
with open('later/removes_itself.py', 'w') as f:
    f.write('import sys\ndel sys.modules[__name__]\n')
os.utime('later', (3, 3))
import replaces_itself
print(replaces_itself)
try:
    import removes_itself
except KeyError as e:
    print('KeyError', e)

print('-- classes that are changed')
sys.path.pop(0)
count(external.FileFinder, 'find_spec', 'keyword')
count(external.PathFinder, 'find_spec', 'keyword')
count(external._LoaderBasics, 'exec_module', 'keyword')
count(external.FileLoader, 'get_data', 'keyword')
count(bootstrap.BuiltinImporter, 'find_spec', 'atexit')
count(bootstrap.BuiltinImporter, 'create_module', 'atexit')
count(bootstrap.FrozenImporter, 'find_spec', 'stat')
count(bootstrap.ModuleSpec, '__init__', 'keyword')

print('-- names that are none')
for name in ('.', '..', '.a', 'a..b', 'os..path', 'os.', ' ', 'sys.x', 'json..x', '.json', 'json.', 'a b', 'json. x', 'not.there', 'é', 'json.é', 'a\0b', 'x' * 300):
    for function in (__import__, importlib.import_module, importlib.util.find_spec):
        try:
            print(ascii(name)[:40], function(name))
        except (ImportError, ValueError, TypeError) as e:
            print(ascii(name)[:40], type(e).__name__, ascii(str(e))[:90], getattr(e, 'name', '')  == name)
