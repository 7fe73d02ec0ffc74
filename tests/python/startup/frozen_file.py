# baton-only
# modes: gil=1
# timeout: 300
# The file of frozen modules' images: made, used, refused when damaged or foreign, replaced whole, never needed.
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
CODE = 'import os, runpy, _imp; print(os.__spec__.origin, os.path.join("a", "b"), len(_imp._frozen_module_names()) > 10)'


def run(*options, wait=True, **env):
    p = subprocess.Popen([program, *options, '-c', CODE], env={'PATH': os.defpath, **env}, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True)
    return check(p) if wait else p


def check(p):
    out, err = p.communicate()
    assert (p.returncode, out, err) == (0, 'frozen a/b True\n', ''), (p.returncode, out, err)


def files(directory):
    return sorted(glob.glob(directory + "/baton/frozen-*")) + sorted(glob.glob(directory + "/baton/.*"))


# made once, then left alone
cache = os.path.join(top, 'cache')
run(XDG_CACHE_HOME=cache)
[path] = files(cache)
assert stat.S_IMODE(os.stat(path).st_mode) == 0o644
assert stat.S_IMODE(os.stat(cache + '/baton').st_mode) == 0o700
good = open(path, 'rb').read()
identity = os.stat(path).st_ino
run(XDG_CACHE_HOME=cache)
run(XDG_CACHE_HOME=cache)
assert os.stat(path).st_ino == identity, 'a good file is not written again'


# anything else in its place is ignored, and replaced
def altered(at, bytes_=None):
    data = bytearray(good)
    for i in (at if isinstance(at, list) else [at]):
        data[i] ^= 0x55
    return bytes(data)


for what, content in [('empty', b''), ('truncated', good[:len(good) // 2]), ('one byte short', good[:-1]), ('garbage', b'x' * 5000),
                      ('foreign build', altered(8)), ('foreign library', altered(16)), ('damaged entries', altered(44)),
                      ('damaged images', altered(list(range(2000, len(good), 1000))))]:
    with open(path, 'wb') as f:
        f.write(content)
    run(XDG_CACHE_HOME=cache)
    assert files(cache) == [path], what
    assert open(path, 'rb').read() == good, what

# one that others can write is not trusted
os.chmod(path, 0o666)
run(XDG_CACHE_HOME=cache)
assert stat.S_IMODE(os.stat(path).st_mode) == 0o644

# not written: with -B, without a place, where there is no directory
for options, env in [(['-B'], {}), ([], {'PYTHONDONTWRITEBYTECODE': '1'})]:
    other = os.path.join(top, 'other')
    run(*options, XDG_CACHE_HOME=other, **env)
    assert files(other) == []
run()
run(XDG_CACHE_HOME='/dev/null/nowhere')
assert os.listdir(os.path.dirname(program)) == ['baton']

# an optimisation level has its own, and so has sys.pycache_prefix
run('-O', XDG_CACHE_HOME=cache)
assert len(files(cache)) == 2
prefix = os.path.join(top, 'prefix')
run(XDG_CACHE_HOME=os.path.join(top, 'unused'), PYTHONPYCACHEPREFIX=prefix)
assert len(glob.glob(prefix + '/baton/frozen-*.img')) == 1 and not os.path.exists(os.path.join(top, 'unused'))

# all at once
crowd = os.path.join(top, 'crowd')
for p in [run(wait=False, XDG_CACHE_HOME=crowd) for _ in range(6)]:
    check(p)
[path] = files(crowd)
run(XDG_CACHE_HOME=crowd)

# -X frozen_modules=off
out = subprocess.run([program, '-X', 'frozen_modules=off', '-c', 'import os; print(os.__spec__.origin == os.__file__)'],
                     env={'XDG_CACHE_HOME': cache}, capture_output=True, text=True)
assert out.stdout == 'True\n', out
shutil.rmtree(top)
