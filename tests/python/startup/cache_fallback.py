# baton-only
# modes: gil=1
# Compiled code of sources whose __pycache__ can't be written goes to the user's cache directory, and is read from there.
import os
import shutil
import subprocess
import sys
import tempfile

CODE = '''
import os, sys
if os.getuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
os.chdir('/')
sys.argv[0:1] = []
os.execve(sys.argv[0], sys.argv, {'XDG_CACHE_HOME': os.environ['XDG_CACHE_HOME']})
'''
top = tempfile.mkdtemp()
os.chmod(top, 0o777)
lib, cache = os.path.join(top, 'lib'), os.path.join(top, 'cache')
os.mkdir(lib)
os.mkdir(cache)
os.chmod(cache, 0o777)
source = os.path.join(lib, 'some_module.py')
with open(source, 'w') as f:
    f.write('def f():\n    return 42\n')
os.chmod(lib, 0o555)
program = os.path.join(top, 'baton')
shutil.copy(sys.executable, program)
TEST = '''
import importlib.util, os, sys
sys.path.append(sys.argv[1])
import some_module
print(some_module.f(), some_module.__cached__, os.path.exists(some_module.__cached__),
      importlib.util.cache_from_source(sys.argv[1] + '/some_module.py') == some_module.__cached__)
'''


def run(code, *args):
    return subprocess.run([sys.executable, '-c', CODE, program, '-I', '-c', code, *args], capture_output=True, text=True,
                          env={'XDG_CACHE_HOME': cache}, check=True).stdout


can_write_library = run('import os; print(os.access(os.path.dirname(os.__file__), os.W_OK))') == 'True\n'
if not can_write_library:  # else nothing is to be seen
    tag = sys.implementation.cache_tag
    expected = f'{cache}/baton/pycache{lib}/some_module.{tag}.pyc'
    for _ in range(2):
        assert run(TEST, lib) == f'42 {expected} True True\n', run(TEST, lib)
    # a stale one is replaced
    os.chmod(lib, 0o755)
    with open(source, 'w') as f:
        f.write('def f():\n    return 43 + 1\n')
    os.chmod(lib, 0o555)
    assert run(TEST, lib) == f'44 {expected} True True\n'
    # what is in __pycache__ comes first
    os.chmod(lib, 0o755)
    subprocess.run([sys.executable, '-m', 'py_compile', source], check=True)
    usual = f'{lib}/__pycache__/some_module.{tag}.pyc'
    os.chmod(usual, 0o644)
    os.chmod(lib + '/__pycache__', 0o555)
    os.chmod(lib, 0o555)
    assert run(TEST, lib) == f'44 {usual} True True\n'
    # where it can be written it is
    free = os.path.join(top, 'free')
    os.mkdir(free)
    os.chmod(free, 0o777)
    shutil.copy(source, free)
    assert run(TEST, free) == f'44 {free}/__pycache__/some_module.{tag}.pyc True True\n'
    os.chmod(lib, 0o755)
    os.chmod(lib + '/__pycache__', 0o755)
shutil.rmtree(top, ignore_errors=True)
