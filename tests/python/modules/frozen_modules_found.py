# Frozen modules that have no file, and those that stand for a package's __init__: what their specs say, and importing them.
import importlib.util
import _imp

_imp._override_frozen_modules_for_tests(1)
for name in ('__hello_only__', '__phello__.__init__', '__phello__.ham.__init__', '__hello_alias__', '__phello__.spam'):
    info = _imp.find_frozen(name)
    print(name, info[1:])
spec = importlib.util.find_spec('__hello_only__')
print(spec.origin, spec.has_location, vars(spec.loader_state), spec.submodule_search_locations)
import __hello_only__
print(__hello_only__.initialized, hasattr(__hello_only__, '__file__'))
assert '__hello_only__' in _imp._frozen_module_names()
_imp._override_frozen_modules_for_tests(-1)
print(_imp.find_frozen('__hello_only__'))
