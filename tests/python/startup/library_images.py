# baton-only
# modes: gil=1
# timeout: 300
# The file of images of the library's modules: made, used, refused when damaged or foreign, added to, never needed.
import glob
import os
import shutil
import stat
import subprocess
import sys
import tempfile

top = tempfile.mkdtemp()
program = os.path.join(top, 'bin', 'baton')  # a copy has no cache beside it
os.mkdir(os.path.dirname(program))
shutil.copy(sys.executable, program)
library = os.path.join(top, 'lib')  # a library that may be written
cache = os.path.join(top, 'cache')
CODE = 'import argparse, json, random, tempfile; print(json.dumps([argparse.__name__, json.decoder.JSONDecoder.__qualname__]))'
# Whether hooks are told of the files of two modules.
OPENED = '''
import _io, os, sys
opened = []
sys.addaudithook(lambda event, args: event == 'open' and opened.append(str(args[0])))
import json, argparse
print([any(part in path for path in opened) for part in ['json/__', 'argparse']])
'''


def run(code, *options, expect, wait=True, **env):
    p = subprocess.Popen([program, *options, '-c', code], env={'PATH': os.defpath, **env}, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True)
    return check(p, expect) if wait else p


def check(p, expect):
    out, err = p.communicate()
    assert (p.returncode, out.strip(), err) == (0, expect, ''), (p.returncode, out, err)


def go(*options, wait=True, **env):
    return run(CODE, *options, expect=ANSWER, wait=wait, **env)


def files(directory, kind='library'):
    return sorted(glob.glob(f'{directory}/baton/{kind}-*'))


ANSWER = '["argparse", "JSONDecoder"]'

# made once, then left alone
go(XDG_CACHE_HOME=cache)
[path] = files(cache)
assert stat.S_IMODE(os.stat(path).st_mode) == 0o644
good = open(path, 'rb').read()
assert b'json/decoder.py' in good and b'argparse.py' in good
identity = os.stat(path).st_ino
go(XDG_CACHE_HOME=cache)
assert os.stat(path).st_ino == identity, 'a good file is not written again'

# a few modules are not worth writing it anew, many are
run('import fractions, textwrap', expect='', XDG_CACHE_HOME=cache)
assert os.stat(path).st_ino == identity
run('import fractions, textwrap, email.message, http.client', expect='', XDG_CACHE_HOME=cache)
assert os.stat(path).st_ino != identity
more = open(path, 'rb').read()
assert all(name in more for name in [b'json/decoder.py', b'fractions.py', b'http/client.py'])
with open(path, 'wb') as f:
    f.write(good)
# a process has in memory what it looks at, not the whole file
LARGE = 'import asyncio, email.message, http.client, json, logging, multiprocessing.pool, unittest, xml.etree.ElementTree'
LOOK = '''
for part in open('/proc/self/smaps').read().split('VmFlags'):
    if '/library-' in part:
        size, resident = [int(line.split()[1]) for line in part.splitlines() if line.startswith(('Size:', 'Rss:'))]
        print(size > 2048, resident < 1024)
'''
run(LARGE, expect='', XDG_CACHE_HOME=os.path.join(top, 'large'))
run(LOOK, expect='True True', XDG_CACHE_HOME=os.path.join(top, 'large'))

# audit hooks see files as ever
run(OPENED, expect='[True, True]', XDG_CACHE_HOME=cache)


# anything else in its place is ignored, and replaced
def altered(at):
    data = bytearray(good)
    for i in at:
        data[i] ^= 0x55
    return bytes(data)


for what, content in [('empty', b''), ('truncated', good[:len(good) // 2]), ('garbage', b'x' * 5000), ('foreign build', altered([8])),
                      ('foreign library', altered([16])), ('other level', altered([24])), ('huge count', altered([30, 31])),
                      ('damaged entries', altered(range(60, 400, 7))),
                      ('damaged images', altered(range(8000, len(good), 1000)))]:
    with open(path, 'wb') as f:
        f.write(content)
    go(XDG_CACHE_HOME=cache)
    assert files(cache) == [path], what
    go(XDG_CACHE_HOME=cache)
with open(path, 'wb') as f:
    f.write(good)

# source positions are behind the rest of an image and looked at when somebody asks: damaged, all is on the function's first line
heads = [i for i in range(len(good)) if good.startswith(b'BCI', i)]
ends = [i + int.from_bytes(good[i + 4:i + 8], 'little') - 1 for i in heads]
TRACEBACK = '''
import json, traceback
try:
    json.loads('x')
except ValueError as e:
    last = traceback.extract_tb(e.__traceback__)[-1]
    print(last.name, last.lineno == json.decoder.JSONDecoder.raw_decode.__code__.co_firstlineno)
'''
for content, expected in (good, 'raw_decode False'), (altered(ends), 'raw_decode True'):
    with open(path, 'wb') as f:
        f.write(content)
    run(TRACEBACK, expect=expected, XDG_CACHE_HOME=cache)
    assert open(path, 'rb').read() == content, 'whole enough'
with open(path, 'wb') as f:
    f.write(good)

# one that others can write is not trusted
os.chmod(path, 0o666)
go(XDG_CACHE_HOME=cache)
assert stat.S_IMODE(os.stat(path).st_mode) == 0o644

# not written: with -B, if the program says so, without a place
for options, env, code in [(['-B'], {}, CODE), ([], {'PYTHONDONTWRITEBYTECODE': '1'}, CODE),
                           ([], {}, 'import sys; sys.dont_write_bytecode = True; ' + CODE)]:
    other = os.path.join(top, 'other')
    run(code, *options, expect=ANSWER, XDG_CACHE_HOME=other, **env)
    assert files(other) == []
go()
go(XDG_CACHE_HOME='/dev/null/nowhere')
assert os.listdir(os.path.dirname(program)) == ['baton']

# an optimisation level has its own, and so has sys.pycache_prefix
go('-O', XDG_CACHE_HOME=cache)
assert len(files(cache)) == 2
prefix = os.path.join(top, 'prefix')
go(PYTHONPYCACHEPREFIX=prefix)
assert len(files(prefix)) == 1

# all at once
crowd = os.path.join(top, 'crowd')
for p in [go(wait=False, XDG_CACHE_HOME=crowd) for _ in range(5)]:
    check(p, ANSWER)
assert len(files(crowd)) == 1
go(XDG_CACHE_HOME=crowd)

# A loader whose class somebody has changed gets the code from the methods it has; so does one of another class.
CHANGED = '''
import importlib.machinery as m
def source_to_code(self, data, path, **more):
    return compile("changed = True", path, "exec")
def path_stats(self, path):
    raise OSError
class Mine(m.SourceFileLoader):
    pass
import json
mine = Mine('json', json.__file__)
Mine.source_to_code, Mine.path_stats = source_to_code, path_stats
print('changed' in mine.get_code('json').co_names, end=' ')
plain = m.SourceFileLoader('json', json.__file__)
print('changed' in plain.get_code('json').co_names, plain.get_code(fullname='json').co_filename == json.__file__, end=' ')
m.SourceFileLoader.source_to_code, m.SourceFileLoader.path_stats = source_to_code, path_stats
print('changed' in plain.get_code('json').co_names, end=' ')
try:
    plain.get_code('other')
except ImportError as e:
    print(e)
'''
run(CHANGED, expect='True False True True loader for json cannot handle other', XDG_CACHE_HOME=cache)

# In a library of one's own: a module that is in the file doesn't come from its .pyc, and a source that has changed since is
# compiled.
stdlib = os.path.dirname(os.__file__)
inner = os.path.join(library, 'lib', 'python3.11')
shutil.copytree(stdlib, inner, symlinks=True,
                ignore=shutil.ignore_patterns('__pycache__', 'test', 'tests', 'idlelib', 'lib2to3', '*-packages', 'config-*'))
home = {'XDG_CACHE_HOME': cache, 'PYTHONHOME': library}
OTHER_PYC = '''
import importlib._bootstrap_external as e, os, textwrap
with open(textwrap.__file__, 'rb') as f:
    source = f.read()
code = compile(source + b'\\nfrom_pyc = True\\n', textwrap.__file__, 'exec')
st = os.stat(textwrap.__file__)
os.makedirs(os.path.dirname(textwrap.__cached__), exist_ok=True)
with open(textwrap.__cached__, 'wb') as f:
    f.write(e._code_to_timestamp_pyc(code, int(st.st_mtime), st.st_size))
'''
IS_FROM_PYC = 'import textwrap; print(hasattr(textwrap, "from_pyc"))'
run(OTHER_PYC, '-B', expect='', **home)
run(IS_FROM_PYC, '-B', expect='True', **home)
os.remove(os.path.join(inner, '__pycache__', f'textwrap.{sys.implementation.cache_tag}.pyc'))
run('import textwrap, email.message, http.client', expect='', **home)
run(OTHER_PYC, '-B', expect='', **home)
run(IS_FROM_PYC, expect='False', **home)
with open(os.path.join(inner, 'json', 'decoder.py'), 'a') as f:
    f.write('\nJSONDecoder.__qualname__ = "Changed"\n')
for _ in range(2):
    run(CODE, expect='["argparse", "Changed"]', **home)
shutil.rmtree(top)
