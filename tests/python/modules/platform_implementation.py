# baton-only
# platform.python_implementation() tells the truth, however platform was loaded: programs ask it whether objects die with their last
# reference, and installers whether extension modules can be built.
import importlib.util
import os
import subprocess
import sys
import tempfile
import types

import platform


def check(module):
    assert module.python_implementation() == 'Baton', module.python_implementation()
    assert module.python_version() == '3.11.2' == sys.version.split()[0]
    assert module.python_version_tuple() == ('3', '11', '2')
    assert (module.python_branch(), module.python_revision()) == ('', '')
    number, date = module.python_build()
    year, compiler = date.split()[2], module.python_compiler()
    assert sys.version == f"3.11.2 ({number}, {date.rsplit(' ', 1)[0]}, {date.rsplit(' ', 1)[1]}) [{compiler}]", sys.version
    assert int(year) > 2020


check(platform)
check(importlib.reload(platform))

# By importlib's Python, which a traced import takes.
del sys.modules['platform']
sys.settrace(lambda *event: None)
import platform as traced
sys.settrace(None)
assert traced is not platform
check(traced)

# By its loader, and by runpy.
spec = importlib.util.find_spec('platform')
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
check(module)
import runpy
assert runpy.run_module('platform')['python_implementation']() == 'Baton'

# Another interpreter's version is taken apart as ever.
assert platform._sys_version('3.11.2 (main, Mar 13 2023, 12:18:29) [GCC 12.2.0]')[0] == 'CPython'
assert platform._sys_version('2.7.13 (abc, Oct 10 2020, 09:10:11)\n[PyPy 7.3.2 with GCC 10.2.0]')[0] == 'PyPy'

# A program's own module of that name is not touched.
with tempfile.TemporaryDirectory() as directory:
    path = os.path.join(directory, 'platform.py')
    with open(path, 'w') as file:
        file.write('_sys_version_cache = {}\n')
    shown = subprocess.run([sys.executable, '-c', f'import sys; sys.path.insert(0, {directory!r}); import platform; '
                            'print(platform._sys_version_cache)'], capture_output=True, text=True)
    assert shown.stdout == '{}\n', shown
    own = types.ModuleType('platform')
    exec(compile('_sys_version_cache = {}', path, 'exec'), vars(own))
    assert own._sys_version_cache == {}
